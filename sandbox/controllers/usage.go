package controllers

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	podsKind    = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	usages      = schema.GroupVersionResource{Group: "metrics.k8s.io", Version: "v1beta1", Resource: "pods"}
	definitions = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
)

// manager is the field manager of what is applied here.
const manager = "gatehouse-sandbox"

// usedPercent is how much of what it requests a container pretends to take: so
// little that no autoscaler adds pods.
const usedPercent = 30

// usage gives a pod that is ready the metrics that a metrics server would tell,
// so that its autoscaler has something to go by. They are objects, which go with
// the pod.
func (s stand) usage(ctx context.Context, object *unstructured.Unstructured) error {
	var pod corev1.Pod
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &pod); err != nil {
		return fmt.Errorf("read pod %s/%s: %w", object.GetNamespace(), object.GetName(), err)
	}
	if pod.Status.Phase != corev1.PodRunning {
		return nil
	}
	_, err := s.client.Resource(usages).Namespace(pod.Namespace).Apply(ctx, pod.Name, podMetrics(&pod), metav1.ApplyOptions{FieldManager: manager, Force: true})
	if !apierrors.IsNotFound(err) {
		return err
	}
	// Nobody has defined them yet. The error has the pod come again.
	if _, undefined := s.client.Resource(definitions).Apply(ctx, podMetricsDefinition().GetName(), podMetricsDefinition(),
		metav1.ApplyOptions{FieldManager: manager, Force: true}); undefined != nil {
		return fmt.Errorf("define the metrics of pods: %w", undefined)
	}
	return err
}

func podMetrics(pod *corev1.Pod) *unstructured.Unstructured {
	var containers []any
	for _, container := range pod.Spec.InitContainers {
		if container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways { // a sidecar
			containers = append(containers, containerMetrics(container))
		}
	}
	for _, container := range pod.Spec.Containers {
		containers = append(containers, containerMetrics(container))
	}
	metrics := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": usages.GroupVersion().String(), "kind": "PodMetrics",
		// Without a window, an autoscaler counts a pod that was not ready in it.
		"timestamp": now(), "window": "0s", "containers": containers,
	}}
	metrics.SetName(pod.Name)
	metrics.SetLabels(pod.Labels)
	metrics.SetAnnotations(map[string]string{"gatehouse.sandbox/note": pretending})
	metrics.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: pod.Name, UID: pod.UID}})
	return metrics
}

func containerMetrics(container corev1.Container) any {
	cpu, memory := resource.MustParse("1m"), resource.MustParse("1Mi")
	if request, set := container.Resources.Requests[corev1.ResourceCPU]; set {
		cpu = *resource.NewMilliQuantity(request.MilliValue()*usedPercent/100, request.Format)
	}
	if request, set := container.Resources.Requests[corev1.ResourceMemory]; set {
		memory = *resource.NewQuantity(request.Value()*usedPercent/100, request.Format)
	}
	return map[string]any{"name": container.Name, "usage": map[string]any{
		string(corev1.ResourceCPU): cpu.String(), string(corev1.ResourceMemory): memory.String(),
	}}
}

// podMetricsDefinition stands in for the API service of a metrics server.
func podMetricsDefinition() *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": definitions.GroupVersion().String(), "kind": "CustomResourceDefinition",
		"metadata": map[string]any{
			"name": usages.Resource + "." + usages.Group,
			// A group of Kubernetes's own needs it.
			"annotations": map[string]any{"api-approved.kubernetes.io": "unapproved, " + pretending},
		},
		"spec": map[string]any{
			"group": usages.Group, "scope": "Namespaced",
			"names": map[string]any{"plural": usages.Resource, "singular": "pod", "kind": "PodMetrics", "listKind": "PodMetricsList"},
			"versions": []any{map[string]any{
				"name": usages.Version, "served": true, "storage": true,
				"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
			}},
		},
	}}
}

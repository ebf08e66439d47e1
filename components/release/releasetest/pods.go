package releasetest

import (
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// Pods are the pod templates among the objects, by the name of what they are a
// template of.
func Pods(t testing.TB, objects []*unstructured.Unstructured) map[string]corev1.PodTemplateSpec {
	t.Helper()
	found := map[string]corev1.PodTemplateSpec{}
	for _, object := range objects {
		switch object.GetKind() {
		case "Deployment":
			found[object.GetName()] = as[appsv1.Deployment](t, object).Spec.Template
		case "DaemonSet":
			found[object.GetName()] = as[appsv1.DaemonSet](t, object).Spec.Template
		case "StatefulSet":
			found[object.GetName()] = as[appsv1.StatefulSet](t, object).Spec.Template
		case "Job":
			found[object.GetName()] = as[batchv1.Job](t, object).Spec.Template
		}
	}
	return found
}

// RequireOwnedAndBounded fails the test for a pod without limits on each
// container, or without the owner's label.
func RequireOwnedAndBounded(t testing.TB, pods map[string]corev1.PodTemplateSpec) {
	t.Helper()
	require.NotEmpty(t, pods)
	for name, pod := range pods {
		require.NotEmpty(t, pod.Labels["gatehouse/owner"], "owner of %s", name)
		for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
			for _, resource := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
				require.Contains(t, c.Resources.Requests, resource, "%s %s", name, c.Name)
				require.Contains(t, c.Resources.Limits, resource, "%s %s", name, c.Name)
			}
		}
	}
}

// Ports are a pod's container ports by name.
func Ports(pod corev1.PodTemplateSpec) map[string]int32 {
	ports := map[string]int32{}
	for _, c := range pod.Spec.Containers {
		for _, p := range c.Ports {
			ports[p.Name] = p.ContainerPort
		}
	}
	return ports
}

// Find returns the object of that kind and name.
func Find(t testing.TB, objects []*unstructured.Unstructured, kind, name string) *unstructured.Unstructured {
	t.Helper()
	var names []string
	for _, object := range objects {
		if object.GetKind() == kind {
			if object.GetName() == name {
				return object
			}
			names = append(names, object.GetName())
		}
	}
	require.Failf(t, "no such object", "%s %s among %v", kind, name, names)
	return nil
}

func as[T any](t testing.TB, object *unstructured.Unstructured) T {
	t.Helper()
	var typed T
	require.NoError(t, runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &typed))
	return typed
}

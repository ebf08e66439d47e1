package controllers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/node/run"
)

// applyProbes makes the file of Prometheus's targets what the cluster's pods that load
// plugins are.
func (m Monitoring) applyProbes(_ context.Context, pods []*unstructured.Unstructured) error {
	targets := []metrics.Static{}
	for _, object := range pods {
		var pod corev1.Pod
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &pod); err != nil {
			return fmt.Errorf("read pod %s/%s: %w", object.GetNamespace(), object.GetName(), err)
		}
		targets = append(targets, probesOf(pod)...)
	}
	slices.SortFunc(targets, func(a, b metrics.Static) int { return cmp.Compare(a.Targets[0], b.Targets[0]) })
	text, err := json.MarshalIndent(targets, "", "  ")
	if err == nil && !same(m.Probes, text) {
		err = renameio.WriteFile(m.Probes, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the probes for Prometheus: %w", err)
	}
	return nil
}

// probesOf are the probes of a pod, at its address on this machine. One that
// pretends, or is not ready, has none: Backstage starts before its probe, and a
// target that is down would be taken for a fault.
func probesOf(pod corev1.Pod) []metrics.Static {
	address, err := netip.ParseAddr(pod.Status.PodIP)
	if err != nil || pod.DeletionTimestamp != nil || !podReady(pod) {
		return nil
	}
	local, ok := run.Loopback(address)
	if !ok {
		return nil
	}
	var found []metrics.Static
	for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		for _, port := range c.Ports {
			if slices.Contains(metrics.ProbePorts(), port.Name) && runs(pod, c.Name) {
				found = append(found, metrics.Static{
					Targets: []string{netip.AddrPortFrom(local, uint16(port.ContainerPort)).String()},
					Labels: map[string]string{
						"namespace": pod.Namespace, "pod": pod.Name, "container": c.Name, "endpoint": port.Name, "service": metrics.ProbeJob,
					},
				})
			}
		}
	}
	return found
}

func podReady(pod corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// runs says whether a container is a process of this machine.
func runs(pod corev1.Pod, container string) bool {
	return slices.ContainsFunc(slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses), func(s corev1.ContainerStatus) bool {
		return s.Name == container && strings.HasPrefix(s.ContainerID, run.Scheme+"://")
	})
}

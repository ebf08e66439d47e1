package kubernetes

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"gatehouse/checks/evidence"
)

// The annotations of Istio that lead traffic past a sidecar, and the one that
// its ambient mode puts on the pods whose traffic it takes.
var past = []string{
	"traffic.sidecar.istio.io/includeInboundPorts", "traffic.sidecar.istio.io/excludeInboundPorts",
	"traffic.sidecar.istio.io/includeOutboundPorts", "traffic.sidecar.istio.io/excludeOutboundPorts",
	"traffic.sidecar.istio.io/excludeOutboundIPRanges",
}

const ambient = "ambient.istio.io/redirection"

func (c *Collector) pods(ctx context.Context) ([]evidence.KubePod, error) {
	found := []evidence.KubePod{}
	err := all(ctx, c, "pods", c.typed.CoreV1().Pods(everywhere).List, func(list *corev1.PodList) {
		found = slices.Grow(found, len(list.Items))
		for i := range list.Items {
			p := &list.Items[i]
			if p.Status.Phase != corev1.PodSucceeded && p.Status.Phase != corev1.PodFailed {
				found = append(found, pod(p))
			}
		}
	})
	return found, err
}

func pod(p *corev1.Pod) evidence.KubePod {
	kind, owner := controller(p)
	found := evidence.KubePod{
		KubeObject: named(p), OwnerKind: kind, Owner: owner, Labels: p.Labels,
		Phase: string(p.Status.Phase), Ending: p.DeletionTimestamp != nil, Created: p.CreationTimestamp.Time,
		Ambient: p.Annotations[ambient] == "enabled",
		Spec:    podSpec(&p.Spec, owner == ""),
	}
	for _, name := range past {
		// An empty list of included ports leads everything past it.
		if text, set := p.Annotations[name]; set && (text != "" || name == past[0]) && text != "*" {
			found.Excluded = append(found.Excluded, name)
		}
	}
	for _, each := range p.Status.Conditions {
		if each.Type == corev1.PodReady {
			found.Ready = each.Status == corev1.ConditionTrue
		}
	}
	for _, s := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
		found.Restarts = max(found.Restarts, int(s.RestartCount))
		if ended := s.LastTerminationState.Terminated; ended != nil && ended.FinishedAt.After(found.Restarted) {
			found.Restarted = ended.FinishedAt.Time
		}
		if w := s.State.Waiting; w != nil && w.Reason != "" && w.Reason != "PodInitializing" {
			found.Waiting = w.Reason
		}
	}
	return found
}

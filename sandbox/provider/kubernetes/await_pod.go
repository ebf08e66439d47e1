package kubernetes

import corev1 "k8s.io/api/core/v1"

// podProgress: the pod is ready, or has done its work.
func podProgress(p *corev1.Pod) progress {
	switch p.Status.Phase {
	case corev1.PodSucceeded:
		return progress{ready: true}
	case corev1.PodFailed:
		return progress{failed: podReason(p)}
	}
	for _, condition := range p.Status.Conditions {
		if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
			return progress{ready: true}
		}
	}
	return progress{waiting: podReason(p)}
}

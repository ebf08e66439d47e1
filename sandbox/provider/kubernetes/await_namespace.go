package kubernetes

import corev1 "k8s.io/api/core/v1"

// namespaceProgress: the namespace takes objects.
func namespaceProgress(n *corev1.Namespace) progress {
	switch n.Status.Phase {
	case corev1.NamespaceActive:
		return progress{ready: true}
	case corev1.NamespaceTerminating:
		return progress{failed: "it is being deleted"}
	}
	return progress{waiting: "it is not active"}
}

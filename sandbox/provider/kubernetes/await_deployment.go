package kubernetes

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// deploymentProgress: the controller has seen this generation, all replicas are
// of it, all are available, and none of the old ones is left.
func deploymentProgress(d *appsv1.Deployment) progress {
	want := replicas(d.Spec.Replicas)
	for _, condition := range d.Status.Conditions {
		if condition.Type == appsv1.DeploymentProgressing && condition.Status == corev1.ConditionFalse &&
			condition.Reason == "ProgressDeadlineExceeded" && d.Status.ObservedGeneration >= d.Generation {
			return progress{failed: condition.Message}
		}
	}
	switch s := d.Status; {
	case s.ObservedGeneration < d.Generation:
		return progress{waiting: "the deployment controller has not seen it"}
	case s.UpdatedReplicas < want:
		return progress{waiting: fmt.Sprintf("%d of %d replicas updated", s.UpdatedReplicas, want)}
	case s.AvailableReplicas < want:
		return progress{waiting: fmt.Sprintf("%d of %d replicas available", s.AvailableReplicas, want)}
	case s.Replicas > s.UpdatedReplicas:
		return progress{waiting: fmt.Sprintf("%d old replicas are still there", s.Replicas-s.UpdatedReplicas)}
	}
	return progress{ready: true}
}

// replicas is the wanted number; one where none is said.
func replicas(n *int32) int32 {
	if n == nil {
		return 1
	}
	return *n
}

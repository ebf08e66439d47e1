package kubernetes

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
)

// statefulSetProgress: all replicas are ready, and those that the update
// strategy lets roll are of this generation.
func statefulSetProgress(s *appsv1.StatefulSet) progress {
	want := replicas(s.Spec.Replicas)
	rolled := want
	if s.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType {
		rolled = 0
	} else if r := s.Spec.UpdateStrategy.RollingUpdate; r != nil && r.Partition != nil {
		rolled = max(0, want-*r.Partition)
	}
	switch {
	case s.Status.ObservedGeneration < s.Generation:
		return progress{waiting: "the statefulset controller has not seen it"}
	case s.Status.ReadyReplicas < want:
		return progress{waiting: fmt.Sprintf("%d of %d replicas ready", s.Status.ReadyReplicas, want)}
	case s.Status.UpdatedReplicas < rolled:
		return progress{waiting: fmt.Sprintf("%d of %d replicas updated", s.Status.UpdatedReplicas, rolled)}
	}
	return progress{ready: true}
}

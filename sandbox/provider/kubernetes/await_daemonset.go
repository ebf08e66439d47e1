package kubernetes

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
)

// daemonSetProgress: each node that should run a pod runs one of this
// generation, and it is available.
func daemonSetProgress(d *appsv1.DaemonSet) progress {
	want := d.Status.DesiredNumberScheduled
	switch {
	case d.Status.ObservedGeneration < d.Generation:
		return progress{waiting: "the daemonset controller has not seen it"}
	case d.Spec.UpdateStrategy.Type != appsv1.OnDeleteDaemonSetStrategyType && d.Status.UpdatedNumberScheduled < want:
		return progress{waiting: fmt.Sprintf("%d of %d nodes updated", d.Status.UpdatedNumberScheduled, want)}
	case d.Status.NumberAvailable < want:
		return progress{waiting: fmt.Sprintf("%d of %d nodes available", d.Status.NumberAvailable, want)}
	}
	return progress{ready: true}
}

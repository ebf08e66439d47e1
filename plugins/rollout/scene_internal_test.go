package rollout

import (
	"testing"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Deployment on its way to two new pods.
func TestMissing(t *testing.T) {
	two := int32(2)
	pod := func(is core.ConditionStatus) core.Pod {
		return core.Pod{Status: core.PodStatus{Conditions: []core.PodCondition{{Type: core.PodReady, Status: is}}}}
	}
	done := func() *scene {
		s := &scene{deployment: &apps.Deployment{}, newest: &apps.ReplicaSet{}, fresh: []core.Pod{pod(core.ConditionTrue), pod(core.ConditionTrue)}}
		s.deployment.Generation, s.deployment.Spec.Replicas = 5, &two
		s.deployment.Status = apps.DeploymentStatus{ObservedGeneration: 5, Replicas: 2, UpdatedReplicas: 2, AvailableReplicas: 2}
		return s
	}
	for says, change := range map[string]func(*scene){
		"":                                       func(*scene) {},
		"its controller has not seen the change": func(s *scene) { s.deployment.Status.ObservedGeneration = 4 },
		"its new ReplicaSet is not there":        func(s *scene) { s.newest = nil },
		"1 of 2 new pods are there":              func(s *scene) { s.fresh = s.fresh[:1] },
		"2 of 2 new pods are there":              func(s *scene) { s.deployment.Status.UpdatedReplicas = 1 },
		"1 of 2 new pods are available; pod : not ready": func(s *scene) {
			s.fresh[1] = pod(core.ConditionFalse)
		},
		"0 of 2 new pods are available": func(s *scene) { s.deployment.Status.AvailableReplicas = 0 },
		"1 old pods still run":          func(s *scene) { s.old = []core.Pod{{}} },
		"3 old pods still run":          func(s *scene) { s.deployment.Status.Replicas = 5 },
	} {
		s := done()
		change(s)
		have, err := s.missing()
		require.NoError(t, err)
		require.Equal(t, says, have)
	}
}

// Where only an image differs, what the pods of before do says nothing of the change
// that the Deployment's controller has not seen.
func TestPodsOfBeforeAreNotTheNewest(t *testing.T) {
	d := &apps.Deployment{ObjectMeta: metav1.ObjectMeta{UID: "d", Generation: 5, Annotations: map[string]string{revision: "3"}}}
	set := apps.ReplicaSet{ObjectMeta: metav1.ObjectMeta{
		UID: "s", Annotations: map[string]string{revision: "3"}, OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(d, apps.SchemeGroupVersion.WithKind("Deployment"))},
	}}
	crashed := core.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: "p", OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(&set, apps.SchemeGroupVersion.WithKind("ReplicaSet"))},
	}}
	crashed.Status.ContainerStatuses = []core.ContainerStatus{{Name: "c", RestartCount: 3, State: core.ContainerState{
		Waiting: &core.ContainerStateWaiting{Reason: "CrashLoopBackOff"},
	}}}
	for observed, fresh := range map[int64]int{4: 0, 5: 1} {
		d.Status.ObservedGeneration = observed
		s := Portal{}.arrange(d, []apps.ReplicaSet{set}, []core.Pod{crashed})
		require.Len(t, s.fresh, fresh)
		require.Len(t, s.old, 1-fresh)
		require.Len(t, s.troubles(), fresh)
	}

	// Scaled at the same time, the change is seen before its ReplicaSet is made.
	set.Spec.Template.Labels = map[string]string{apps.DefaultDeploymentUniqueLabelKey: "1"}
	d.Status.ObservedGeneration = 5
	for image, fresh := range map[string]int{"backstage:1": 1, "backstage:2": 0} {
		set.Spec.Template.Spec.Containers = []core.Container{{Image: "backstage:1"}}
		d.Spec.Template.Spec.Containers = []core.Container{{Image: image}}
		s := Portal{}.arrange(d, []apps.ReplicaSet{set}, []core.Pod{crashed})
		require.Len(t, s.troubles(), fresh, image)
	}
}

package kubernetes

import (
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestProgress walks the states of each kind that is waited for. An empty want
// means ready.
func TestProgress(t *testing.T) {
	n := func(i int32) *int32 { return &i }
	second := metav1.ObjectMeta{Generation: 2}
	deployment := func(s appsv1.DeploymentStatus) progress {
		return deploymentProgress(&appsv1.Deployment{ObjectMeta: second, Spec: appsv1.DeploymentSpec{Replicas: n(2)}, Status: s})
	}
	stateful := func(partition int32, s appsv1.StatefulSetStatus) progress {
		set := appsv1.StatefulSet{ObjectMeta: second, Spec: appsv1.StatefulSetSpec{Replicas: n(3)}, Status: s}
		set.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateStatefulSetStrategy{Partition: n(partition)}
		return statefulSetProgress(&set)
	}
	daemon := func(s appsv1.DaemonSetStatus) progress {
		return daemonSetProgress(&appsv1.DaemonSet{ObjectMeta: second, Status: s})
	}
	job := func(suspend bool, conditions ...batchv1.JobCondition) progress {
		return jobProgress(&batchv1.Job{Spec: batchv1.JobSpec{Suspend: &suspend}, Status: batchv1.JobStatus{Conditions: conditions}})
	}
	pod := func(phase corev1.PodPhase, conditions ...corev1.PodCondition) progress {
		return podProgress(&corev1.Pod{Status: corev1.PodStatus{Phase: phase, Message: "why", Conditions: conditions}})
	}
	crd := func(conditions ...apiextensionsv1.CustomResourceDefinitionCondition) progress {
		return crdProgress(&apiextensionsv1.CustomResourceDefinition{
			Status: apiextensionsv1.CustomResourceDefinitionStatus{Conditions: conditions},
		})
	}
	for name, c := range map[string]struct {
		got    progress
		want   string
		failed bool
	}{
		"deployment not seen":    {deployment(appsv1.DeploymentStatus{ObservedGeneration: 1, UpdatedReplicas: 2, AvailableReplicas: 2}), "has not seen", false},
		"deployment rolling":     {deployment(appsv1.DeploymentStatus{ObservedGeneration: 2, UpdatedReplicas: 1, AvailableReplicas: 2}), "1 of 2 replicas updated", false},
		"deployment starting":    {deployment(appsv1.DeploymentStatus{ObservedGeneration: 2, UpdatedReplicas: 2, AvailableReplicas: 1}), "1 of 2 replicas available", false},
		"deployment with rests":  {deployment(appsv1.DeploymentStatus{ObservedGeneration: 2, Replicas: 3, UpdatedReplicas: 2, AvailableReplicas: 2}), "1 old", false},
		"deployment ready":       {deployment(appsv1.DeploymentStatus{ObservedGeneration: 2, Replicas: 2, UpdatedReplicas: 2, AvailableReplicas: 2}), "", false},
		"deployment stuck":       {deployment(appsv1.DeploymentStatus{ObservedGeneration: 2, Conditions: []appsv1.DeploymentCondition{{Type: appsv1.DeploymentProgressing, Status: corev1.ConditionFalse, Reason: "ProgressDeadlineExceeded", Message: "stuck"}}}), "stuck", true},
		"deployment was stuck":   {deployment(appsv1.DeploymentStatus{ObservedGeneration: 1, Conditions: []appsv1.DeploymentCondition{{Type: appsv1.DeploymentProgressing, Status: corev1.ConditionFalse, Reason: "ProgressDeadlineExceeded"}}}), "has not seen", false},
		"statefulset starting":   {stateful(0, appsv1.StatefulSetStatus{ObservedGeneration: 2, ReadyReplicas: 2, UpdatedReplicas: 3}), "2 of 3 replicas ready", false},
		"statefulset rolling":    {stateful(0, appsv1.StatefulSetStatus{ObservedGeneration: 2, ReadyReplicas: 3, UpdatedReplicas: 2}), "2 of 3 replicas updated", false},
		"statefulset held back":  {stateful(1, appsv1.StatefulSetStatus{ObservedGeneration: 2, ReadyReplicas: 3, UpdatedReplicas: 2}), "", false},
		"daemonset not seen":     {daemon(appsv1.DaemonSetStatus{ObservedGeneration: 1}), "has not seen", false},
		"daemonset rolling":      {daemon(appsv1.DaemonSetStatus{ObservedGeneration: 2, DesiredNumberScheduled: 2, UpdatedNumberScheduled: 1, NumberAvailable: 2}), "1 of 2 nodes updated", false},
		"daemonset starting":     {daemon(appsv1.DaemonSetStatus{ObservedGeneration: 2, DesiredNumberScheduled: 2, UpdatedNumberScheduled: 2, NumberAvailable: 1}), "1 of 2 nodes available", false},
		"daemonset without node": {daemon(appsv1.DaemonSetStatus{ObservedGeneration: 2}), "", false},
		"job running":            {job(false), "0 of 1 pods succeeded", false},
		"job complete":           {job(false, batchv1.JobCondition{Type: batchv1.JobComplete, Status: corev1.ConditionTrue}), "", false},
		"job failed":             {job(false, batchv1.JobCondition{Type: batchv1.JobFailed, Status: corev1.ConditionTrue, Reason: "BackoffLimitExceeded"}), "BackoffLimitExceeded", true},
		"job was not failed":     {job(false, batchv1.JobCondition{Type: batchv1.JobFailed, Status: corev1.ConditionFalse}), "0 of 1", false},
		"job suspended":          {job(true), "", false},
		"pod pending":            {pod(corev1.PodPending), "why", false},
		"pod failed":             {pod(corev1.PodFailed), "why", true},
		"pod done":               {pod(corev1.PodSucceeded), "", false},
		"pod ready":              {pod(corev1.PodRunning, corev1.PodCondition{Type: corev1.PodReady, Status: corev1.ConditionTrue}), "", false},
		"namespace ending":       {namespaceProgress(&corev1.Namespace{Status: corev1.NamespaceStatus{Phase: corev1.NamespaceTerminating}}), "being deleted", true},
		"namespace new":          {namespaceProgress(&corev1.Namespace{}), "not active", false},
		"crd new":                {crd(), "taken it up", false},
		"crd established":        {crd(apiextensionsv1.CustomResourceDefinitionCondition{Type: apiextensionsv1.Established, Status: apiextensionsv1.ConditionTrue}), "", false},
		"crd names taken":        {crd(apiextensionsv1.CustomResourceDefinitionCondition{Type: apiextensionsv1.NamesAccepted, Status: apiextensionsv1.ConditionFalse, Message: "gates is in use"}), "in use", true},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want == "", c.got.ready)
			require.Equal(t, c.failed, c.got.failed != "")
			if c.failed {
				require.Contains(t, c.got.failed, c.want)
			} else {
				require.Contains(t, c.got.waiting, c.want)
			}
		})
	}
}

func TestPodReason(t *testing.T) {
	waiting := corev1.Pod{Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{
		Name: "web", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff", Message: "no such image"}},
	}}}}
	require.Equal(t, "container web ImagePullBackOff no such image", podReason(&waiting))
	ended := corev1.Pod{Status: corev1.PodStatus{InitContainerStatuses: []corev1.ContainerStatus{{
		Name: "migrate", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 3, Reason: "Error"}},
	}}}}
	require.Equal(t, "container migrate exited with 3 Error", podReason(&ended))
	require.Empty(t, podReason(&corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodRunning}}))
}

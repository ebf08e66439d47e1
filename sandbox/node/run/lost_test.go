package run

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// again starts a pod that an earlier node ran, and returns it when is says so.
func again(t *testing.T, policy corev1.RestartPolicy, is func(*corev1.Pod) bool) *corev1.Pod {
	t.Helper()
	h := &Host{Options: Options{Dir: t.TempDir(), Programs: Programs{Installer: {Argv: []string{"sleep"}}}}}
	object := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "s", UID: "u"},
		Spec:       corev1.PodSpec{RestartPolicy: policy, Containers: []corev1.Container{{Name: "c", Image: Installer, Args: []string{"3600"}}}},
	}
	object.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "c", RestartCount: 2, State: running(time.Now())}}
	p := newPod(h, object, "192.0.2.1")
	seen := make(chan *corev1.Pod, 100)
	p.start(func(now *corev1.Pod) { seen <- now })
	t.Cleanup(func() { p.end(0); <-p.done })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		select {
		case now := <-seen:
			if is(now) {
				return now
			}
		case <-ctx.Done():
			require.FailNow(t, "the pod does not come so far")
		}
	}
}

func TestPodOfAnEarlierNodeIsStartedAgain(t *testing.T) {
	pod := again(t, corev1.RestartPolicyAlways, func(p *corev1.Pod) bool { return p.Status.ContainerStatuses[0].Ready })
	status := pod.Status.ContainerStatuses[0]
	require.EqualValues(t, 3, status.RestartCount)
	require.EqualValues(t, codeLost, status.LastTerminationState.Terminated.ExitCode)
	require.Equal(t, corev1.PodRunning, pod.Status.Phase)
}

func TestJobOfAnEarlierNodeHasFailed(t *testing.T) {
	pod := again(t, corev1.RestartPolicyNever, func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodFailed })
	state := pod.Status.ContainerStatuses[0].State.Terminated
	require.EqualValues(t, codeLost, state.ExitCode)
	require.Equal(t, "ContainerStatusUnknown", state.Reason)
}

package rollout_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"gatehouse/plugins/rollout"
)

// failure is what a wait failed by.
func failure(t *testing.T, err error) *rollout.FailedError {
	t.Helper()
	var failed *rollout.FailedError
	require.ErrorAs(t, err, &failed)
	return failed
}

func TestWaitSaysWhyItFails(t *testing.T) {
	p := newPortal(t, "backstage")
	k := newKubelet(t, p.client, p.Namespace)
	k.logs = map[string]string{
		"previous backstage": manyLines(30) + "password: hunter22222\nError: plugin x throws\n",
		"backstage":          "now\n",
	}
	p.deploy("backstage", k)
	p.toward("0-good")
	for generation, c := range map[string]struct {
		does func(*core.Pod)
		want rollout.FailedError
	}{
		"crash": {
			waits("CrashLoopBackOff", "back-off 10s", 1, ended(1, "Error", "")),
			rollout.FailedError{Container: "backstage", Reason: "CrashLoopBackOff", ExitCode: 1, Message: "back-off 10s"},
		},
		"crash-again": {
			func(pod *core.Pod) {
				starts(pod)
				pod.Status.ContainerStatuses[0].RestartCount = 2
				pod.Status.ContainerStatuses[0].LastTerminationState.Terminated = ended(7, "Error", "token=abcdefghij is wrong")
			},
			rollout.FailedError{Container: "backstage", Reason: "Error", ExitCode: 7, Message: "[redacted: secret] is wrong"},
		},
		"memory": {
			waits("CrashLoopBackOff", "back-off 10s", 2, ended(137, "OOMKilled", "")),
			rollout.FailedError{Container: "backstage", Reason: "OOMKilled", ExitCode: 137, Message: "back-off 10s"},
		},
		"image": {
			waits("ImagePullBackOff", "no such image", 0, nil),
			rollout.FailedError{Container: "backstage", Reason: "ImagePullBackOff", Message: "no such image"},
		},
		"name": {
			waits("InvalidImageName", "bad name", 0, nil),
			rollout.FailedError{Container: "backstage", Reason: "InvalidImageName", Message: "bad name"},
		},
		"folder": {
			waits("CreateContainerConfigError", "failed to prepare subPath", 0, nil),
			rollout.FailedError{Container: "backstage", Reason: "CreateContainerConfigError", Message: "failed to prepare subPath"},
		},
		"volume": {
			func(pod *core.Pod) {
				waits("ContainerCreating", "", 0, nil)(pod)
				_, err := p.client.CoreV1().Events(p.Namespace).Create(context.Background(), &core.Event{
					ObjectMeta:     metav1.ObjectMeta{GenerateName: "e-", Namespace: p.Namespace},
					InvolvedObject: core.ObjectReference{Kind: "Pod", Namespace: p.Namespace, Name: pod.Name, UID: pod.UID},
					Type:           core.EventTypeWarning, Reason: "FailedMount", Message: "mount failed: access denied",
					LastTimestamp: metav1.NewTime(time.Now().Add(time.Minute)),
				}, metav1.CreateOptions{})
				if err != nil {
					t.Error(err)
				}
			},
			rollout.FailedError{Reason: "FailedMount", Message: "mount failed: access denied"},
		},
	} {
		t.Run(generation, func(t *testing.T) {
			k.script(generation, c.does)
			_, err := p.to(generation)
			failed := failure(t, err)
			require.Regexp(t, `^backstage-`, failed.Pod)
			if failed.ExitCode != 0 {
				all := strings.Split(failed.Log, "\n")
				require.Len(t, all, 20, failed.NoLog)
				require.Equal(t, []string{"[redacted: secret]", "Error: plugin x throws"}, all[18:])
				require.ErrorContains(t, err, "; its last words: Error: plugin x throws")
				require.ErrorContains(t, err, "exit code ")
			}
			failed.Pod, failed.Log = "", ""
			c.want.Deployment = "backstage"
			require.Equal(t, c.want, *failed)
		})
	}
	t.Run("back", func(t *testing.T) {
		pods := p.toward("0-good")
		require.Len(t, pods, 2)
		require.Equal(t, "backstage:1@sha256:1", pods[0].Containers[0].ImageID)
	})
	t.Run("no log", func(t *testing.T) {
		k.logs = nil
		k.script("1-crash", waits("CrashLoopBackOff", "", 1, ended(1, "Error", "said at the end")))
		_, err := p.to("1-crash")
		failed := failure(t, err)
		require.Contains(t, failed.NoLog, "read the log of pod")
		require.Equal(t, "said at the end", failed.Message)
	})
}

// Pods that a quota does not let in, and pods that a node never starts again.
func TestWaitWithoutPods(t *testing.T) {
	p := newPortal(t, "backstage")
	p.deploy("backstage", nil)
	p.toward("1-aa")
	_, err := p.client.CoreV1().ResourceQuotas(p.Namespace).Create(t.Context(), &core.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: "pods"},
		Spec:       core.ResourceQuotaSpec{Hard: core.ResourceList{"pods": resource.MustParse("2")}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		quota, err := p.client.CoreV1().ResourceQuotas(p.Namespace).Get(t.Context(), "pods", metav1.GetOptions{})
		return err == nil && !quota.Status.Used.Pods().IsZero()
	}, 30*time.Second, 20*time.Millisecond)
	_, err = p.to("2-bb")
	failed := failure(t, err)
	require.Equal(t, "FailedCreate", failed.Reason)
	require.Contains(t, failed.Message, "exceeded quota")
	require.Empty(t, failed.Pod)
	require.NoError(t, p.client.CoreV1().ResourceQuotas(p.Namespace).Delete(t.Context(), "pods", metav1.DeleteOptions{}))
	p.toward("1-aa")

	p.deploy("ends", nil, func(d *apps.Deployment) {
		d.Spec.Template.Annotations = map[string]string{"gatehouse.sandbox/exit-code": "3"}
	})
	p.Deployments = []string{"ends"}
	_, err = p.to("1-aa")
	failed = failure(t, err)
	require.Equal(t, []any{"backstage", "Error", 3}, []any{failed.Container, failed.Reason, failed.ExitCode})
}

// Kubernetes' own deadline; and going back to a ReplicaSet that is there already does
// not take the old condition for its own.
func TestWaitProgressDeadline(t *testing.T) {
	p := newPortal(t, "backstage")
	k := newKubelet(t, p.client, p.Namespace)
	limit := func(seconds int) {
		_, err := p.client.AppsV1().Deployments(p.Namespace).Patch(t.Context(), "backstage", types.MergePatchType,
			fmt.Appendf(nil, `{"spec":{"progressDeadlineSeconds":%d}}`, seconds), metav1.PatchOptions{FieldManager: "pulumi"})
		require.NoError(t, err)
	}
	p.deploy("backstage", k)
	p.toward("1-aa")
	limit(1)
	k.script("2-bb", starts)
	_, err := p.to("2-bb")
	failed := failure(t, err)
	require.Equal(t, "ProgressDeadlineExceeded", failed.Reason)
	limit(60) // the condition stays until something progresses
	p.Patience = 10 * time.Second
	require.Len(t, p.toward("1-aa"), 2)
}

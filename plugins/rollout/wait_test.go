package rollout_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/plugins/rollout"
)

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
			var failed *rollout.FailedError
			require.ErrorAs(t, err, &failed)
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
		var failed *rollout.FailedError
		require.ErrorAs(t, err, &failed)
		require.Contains(t, failed.NoLog, "read the log of pod")
		require.Equal(t, "said at the end", failed.Message)
	})
}

// What heals by itself in time, and one bad start, are no failures.
func TestWaitGoesOn(t *testing.T) {
	p := newPortal(t, "backstage")
	k := newKubelet(t, p.client, p.Namespace)
	p.deploy("backstage", k)
	p.toward("0-good")
	p.Patience = time.Minute
	for generation, c := range map[string]struct {
		does func(*core.Pod)
		says string
	}{
		"starts": {starts, "container backstage is not ready"},
		"image":  {waits("ImagePullBackOff", "not yet", 0, nil), "ImagePullBackOff: not yet"},
		"slow":   {waits("ContainerCreating", "", 0, nil), "ContainerCreating"},
		"once": {func(pod *core.Pod) {
			starts(pod)
			pod.Status.ContainerStatuses[0].RestartCount = 1
			pod.Status.ContainerStatuses[0].LastTerminationState.Terminated = ended(1, "Error", "")
		}, "container backstage is not ready"},
	} {
		t.Run(generation, func(t *testing.T) {
			k.script(generation, c.does)
			require.NoError(t, p.Switch(t.Context(), rollout.Change{Generation: generation}))
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			_, err := p.Wait(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, "Deployment backstage: 1 of 2 new pods are there")
			k.script(generation, nil)
			require.Len(t, p.toward(generation), 2)
		})
	}
	t.Run("a slow start without a warning", func(t *testing.T) {
		p.Patience = time.Millisecond
		k.script("later", waits("ContainerCreating", "", 0, nil))
		require.NoError(t, p.Switch(t.Context(), rollout.Change{Generation: "later"}))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err := p.Wait(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestWaitNothingToWaitFor(t *testing.T) {
	p := newPortal(t, "backstage", "paused")
	none := int32(0)
	p.deploy("backstage", nil, func(d *apps.Deployment) { d.Spec.Replicas = &none })
	p.deploy("paused", nil)
	_, err := p.to("1-aa")
	require.ErrorIs(t, err, rollout.ErrNoReplicas)
	require.ErrorContains(t, err, "/backstage: it is scaled to 0")

	p.Deployments = []string{"paused"}
	p.toward("1-aa")
	d := p.live("paused")
	d.Spec.Paused = true
	_, err = p.client.AppsV1().Deployments(p.Namespace).Update(t.Context(), d, metav1.UpdateOptions{})
	require.NoError(t, err)
	p.toward("1-aa") // it has taken over before
	_, err = p.to("2-bb")
	require.ErrorContains(t, err, "kubectl rollout resume")
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
	var failed *rollout.FailedError
	require.ErrorAs(t, err, &failed)
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
	require.ErrorAs(t, err, &failed)
	require.Equal(t, []any{"backstage", "Error", 3}, []any{failed.Container, failed.Reason, failed.ExitCode})
}

// Kubernetes' own deadline; and going back to a ReplicaSet that is there already does
// not take the old condition for its own.
func TestWaitProgressDeadline(t *testing.T) {
	p := newPortal(t, "backstage")
	k := newKubelet(t, p.client, p.Namespace)
	second := int32(1)
	p.deploy("backstage", k, func(d *apps.Deployment) { d.Spec.ProgressDeadlineSeconds = &second })
	p.toward("1-aa")
	k.script("2-bb", starts)
	_, err := p.to("2-bb")
	var failed *rollout.FailedError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "ProgressDeadlineExceeded", failed.Reason)
	p.Patience = 10 * time.Second
	require.Len(t, p.toward("1-aa"), 2)
}

// The API server is away for a while.
func TestWaitSurvivesTheServer(t *testing.T) {
	p := newPortal(t, "backstage")
	p.deploy("backstage", nil)
	p.toward("1-aa")
	var asked atomic.Int32
	away := p.as("", func(next http.RoundTripper) http.RoundTripper {
		return line{next, func(*http.Request) bool { return asked.Add(1) <= 5 }}
	})
	pods, err := away.Wait(t.Context())
	require.NoError(t, err)
	require.Len(t, pods, 2)
	require.Greater(t, asked.Load(), int32(5))

	gone := p.as("", func(next http.RoundTripper) http.RoundTripper {
		return line{next, func(*http.Request) bool { return true }}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err = gone.Wait(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "read Deployment")
}

func TestRunningGenerations(t *testing.T) {
	p := newPortal(t, "backstage", "absent")
	p.deploy("backstage", nil)
	p.deploy("other", nil, func(d *apps.Deployment) {
		d.Spec.Template.Annotations = map[string]string{annotation: "7-other"}
		d.Spec.Paused = true
	})
	p.Deployments = []string{"backstage"}
	p.toward("1-aa")
	p.toward("2-bb")
	_, err := p.client.CoreV1().Pods(p.Namespace).Create(t.Context(), &core.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "done", Annotations: map[string]string{annotation: "0-done"}},
		Spec:       core.PodSpec{RestartPolicy: core.RestartPolicyNever, Containers: []core.Container{{Name: "x", Image: "x"}}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		pod, err := p.client.CoreV1().Pods(p.Namespace).Get(t.Context(), "done", metav1.GetOptions{})
		return err == nil && pod.Status.Phase == core.PodSucceeded
	}, 30*time.Second, 20*time.Millisecond)
	p.Deployments = []string{"backstage", "other", "absent"}
	all, err := p.RunningGenerations(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"1-aa", "2-bb", "7-other"}, all)
}

// The rights that are documented are enough, and all of them are needed.
func TestRules(t *testing.T) {
	p := newPortal(t, "backstage")
	k := newKubelet(t, p.client, p.Namespace)
	k.logs["previous backstage"] = "why\n"
	p.deploy("backstage", k)
	role := &rbac.Role{ObjectMeta: metav1.ObjectMeta{Name: "installer"}, Rules: rollout.Rules("backstage")}
	_, err := p.client.RbacV1().Roles(p.Namespace).Create(t.Context(), role, metav1.CreateOptions{})
	require.NoError(t, err)
	user := "installer-" + p.Namespace
	_, err = p.client.RbacV1().RoleBindings(p.Namespace).Create(t.Context(), &rbac.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "installer"},
		RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "Role", Name: "installer"},
		Subjects:   []rbac.Subject{{Kind: rbac.UserKind, APIGroup: rbac.GroupName, Name: user}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	as := p.as(user, nil)
	require.Eventually(t, func() bool { _, err := as.Current(t.Context()); return err == nil }, 10*time.Second, 20*time.Millisecond)
	p.Portal = as
	p.toward("1-aa")
	p.undo("backstage", "0-aa")
	p.toward("") // by a patch
	k.script("2-bb", waits("CrashLoopBackOff", "", 1, ended(1, "Error", "")))
	_, err = p.to("2-bb")
	var failed *rollout.FailedError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "why", failed.Log)
	k.script("3-cc", waits("ContainerCreating", "", 0, nil))
	require.NoError(t, p.Switch(t.Context(), rollout.Change{Generation: "3-cc"}))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err = p.Wait(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded, "events can be listed")
	all, err := p.RunningGenerations(t.Context())
	require.NoError(t, err)
	require.Subset(t, all, []string{"1-aa", "2-bb", "3-cc"})
}

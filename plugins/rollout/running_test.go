package rollout_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/plugins/rollout"
)

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
	require.Equal(t, "why", failure(t, err).Log)
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

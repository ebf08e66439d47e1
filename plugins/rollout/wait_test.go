package rollout_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/plugins/rollout"
)

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

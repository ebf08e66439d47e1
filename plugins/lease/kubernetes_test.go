package lease_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"gatehouse/plugins/lease"
	"gatehouse/sandbox/sandboxtest"
)

const ttl = 3 * time.Second

// cluster is a client of a real API server whose line can be cut, in a namespace of
// the test's own.
func cluster(t *testing.T) (lease.Kubernetes, *rest.Config, *atomic.Bool) {
	t.Helper()
	open, _, namespace := sandboxtest.Namespace(t)
	cut, config := new(atomic.Bool), rest.CopyConfig(open)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return line{next, cut} })
	wrapped, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	return lease.Kubernetes{Client: wrapped.CoordinationV1(), Namespace: namespace}, open, cut
}

type line struct {
	next http.RoundTripper
	cut  *atomic.Bool
}

func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.cut.Load() {
		<-r.Context().Done() // as a network that drops packets
		return nil, r.Context().Err()
	}
	return l.next.RoundTrip(r)
}

func TestKubernetes(t *testing.T) {
	leases, _, _ := cluster(t)
	first, err := leases.Acquire(t.Context(), "volume", "first", ttl)
	require.NoError(t, err)
	second := make(chan *lease.Held)
	go func() {
		held, err := leases.Acquire(t.Context(), "volume", "second", ttl)
		if err != nil {
			t.Error(err)
		}
		second <- held
	}()
	select {
	case <-second:
		require.Fail(t, "two have it")
	case <-time.After(2 * ttl): // it is renewed beyond its ttl
	}
	require.NoError(t, first.Release())
	held := <-second
	require.NotNil(t, held)
	require.NoError(t, held.Release())
}

// The one whose line is cut knows that it has lost the lease before the other gets it.
func TestKubernetesLost(t *testing.T) {
	cutOff, open, cut := cluster(t)
	client, err := kubernetes.NewForConfig(open)
	require.NoError(t, err)
	first, err := cutOff.Acquire(t.Context(), "volume", "first", ttl)
	require.NoError(t, err)
	cut.Store(true)
	second, err := lease.Kubernetes{Client: client.CoordinationV1(), Namespace: cutOff.Namespace}.Acquire(t.Context(), "volume", "second", ttl)
	require.NoError(t, err)
	require.ErrorIs(t, context.Cause(first.Context()), lease.ErrLost, "when the second has it, the first has stopped")
	require.ErrorIs(t, first.Release(), lease.ErrLost)
	require.NoError(t, second.Release())
}

// Without the right nobody waits for ever.
func TestKubernetesForbidden(t *testing.T) {
	leases, open, _ := cluster(t)
	open.Impersonate = rest.ImpersonationConfig{UserName: "nobody"}
	client, err := kubernetes.NewForConfig(open)
	require.NoError(t, err)
	_, err = lease.Kubernetes{Client: client.CoordinationV1(), Namespace: leases.Namespace}.Acquire(t.Context(), "volume", "owner", ttl)
	require.ErrorContains(t, err, "it cannot be told who has it")
	require.ErrorContains(t, err, "forbidden")
}

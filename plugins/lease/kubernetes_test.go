package lease_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/plugins/lease"
	"gatehouse/sandbox/sandboxtest"
)

const ttl = 3 * time.Second

// cluster is a client of a real API server whose line can be cut, in a namespace of
// the test's own.
func cluster(t *testing.T, namespace string) (lease.Kubernetes, *rest.Config, *atomic.Bool) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts an API server: not in -short")
	}
	config, err := clientcmd.BuildConfigFromFlags("", sandboxtest.Kubernetes(t))
	require.NoError(t, err)
	cut := new(atomic.Bool)
	open := rest.CopyConfig(config)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return line{next, cut} })
	client, err := kubernetes.NewForConfig(open)
	require.NoError(t, err)
	_, err = client.CoreV1().Namespaces().Create(t.Context(), &core.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{})
	require.NoError(t, err)
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
	leases, _, _ := cluster(t, "lease-handover")
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
	cutOff, open, cut := cluster(t, "lease-lost")
	client, err := kubernetes.NewForConfig(open)
	require.NoError(t, err)
	first, err := cutOff.Acquire(t.Context(), "volume", "first", ttl)
	require.NoError(t, err)
	cut.Store(true)
	second, err := lease.Kubernetes{Client: client.CoordinationV1(), Namespace: "lease-lost"}.Acquire(t.Context(), "volume", "second", ttl)
	require.NoError(t, err)
	require.ErrorIs(t, context.Cause(first.Context()), lease.ErrLost, "when the second has it, the first has stopped")
	require.ErrorIs(t, first.Release(), lease.ErrLost)
	require.NoError(t, second.Release())
}

// Without the right nobody waits for ever.
func TestKubernetesForbidden(t *testing.T) {
	_, open, _ := cluster(t, "lease-forbidden")
	open.Impersonate = rest.ImpersonationConfig{UserName: "nobody"}
	client, err := kubernetes.NewForConfig(open)
	require.NoError(t, err)
	_, err = lease.Kubernetes{Client: client.CoordinationV1(), Namespace: "lease-forbidden"}.Acquire(t.Context(), "volume", "owner", ttl)
	require.ErrorContains(t, err, "it cannot be told who has it")
	require.ErrorContains(t, err, "forbidden")
}

package kubernetes_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/kubernetes"
	"gatehouse/checks/collect/kubernetes/kubernetestest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// TestLive: the collector reads everything with exactly the rights that it
// names, and every way of not answering is a problem of its own kind.
func TestLive(t *testing.T) {
	w := kubernetestest.New(t)
	read := func(t *testing.T, ctx context.Context, name evidence.Name) []evidence.Problem {
		t.Helper()
		facts, _ := collect.Gather(ctx, collect.Plan{Needs: []evidence.Name{name}, Readers: w.Readers(t), Now: time.Now}, collect.Limits{Each: 3 * time.Second})
		return facts[name].Problems
	}
	pods := evidence.KubernetesPods.Name()

	t.Run("with its own rights it reads everything", func(t *testing.T) {
		var needs []evidence.Name
		readers := w.Readers(t)
		for _, r := range readers {
			needs = append(needs, r.Name)
		}
		facts, records := collect.Gather(t.Context(), collect.Plan{Needs: needs, Readers: readers, Now: time.Now}, collect.Limits{})
		for _, name := range needs {
			require.Empty(t, facts[name].Problems, name)
		}
		for _, r := range records {
			require.NotContains(t, string(r.Content), "8f14e45fceea167a5a36", "a secret is in %s", r.ID)
			require.NotContains(t, string(r.Content), "c9f0f895fb98ab9159f5", "a secret is in %s", r.ID)
		}
		who, err := w.Collector(t).Identity(t.Context())
		require.NoError(t, err)
		require.Equal(t, "system:serviceaccount:readiness:readiness", who)
	})
	for name, answer := range map[string]http.HandlerFunc{
		"throttled": func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Retry-After", "1")
			rw.WriteHeader(http.StatusTooManyRequests)
		},
		"denied":         func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusForbidden) },
		"invalid answer": func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>")) },
		"unreachable":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"timed out":      func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			defer w.Front.Answer("/api/v1/pods", answer)()
			problems := read(t, t.Context(), pods)
			require.Len(t, problems, 1)
			require.Equal(t, name, string(problems[0].Kind), problems[0].Message)
		})
	}
	t.Run("cancelled in the middle", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer w.Front.Answer("/api/v1/pods", func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })()
		problems := read(t, ctx, pods)
		require.Len(t, problems, 1)
		require.Equal(t, evidence.Cancelled, problems[0].Kind)
	})
	t.Run("a kind that is not known", func(t *testing.T) {
		defer w.Front.Answer("/apis/cert-manager.io/", http.NotFound)()
		problems := read(t, t.Context(), evidence.KubernetesCertificates.Name())
		require.Len(t, problems, 1)
		require.Equal(t, evidence.Unsupported, problems[0].Kind)
	})
	t.Run("a part is kept", func(t *testing.T) {
		w.Blind(t, "list", "batch", "jobs")
		facts, _ := collect.Gather(t.Context(), collect.Plan{Needs: []evidence.Name{evidence.KubernetesWorkloads.Name()}, Readers: w.Readers(t), Now: time.Now}, collect.Limits{})
		got := evidence.Get(facts, evidence.KubernetesWorkloads)
		require.Len(t, got.Problems, 1)
		require.Equal(t, evidence.Denied, got.Problems[0].Kind)
		require.NotEmpty(t, got.Value)
	})
	t.Run("nothing is left open", func(t *testing.T) {
		before := goleak.IgnoreCurrent()
		c, err := kubernetes.New(t.Context(), w.Target(), kubernetestest.Namespaces)
		require.NoError(t, err)
		_, err = c.Identity(t.Context())
		require.NoError(t, err)
		c.Close()
		goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*http2serverConn).serve"), goleak.IgnoreAnyFunction("net/http.(*conn).serve"))
	})
}

func TestKubeconfigThatCannotBeUsed(t *testing.T) {
	_, err := kubernetes.New(t.Context(), target.Kubernetes{Kubeconfig: "none.yaml"}, nil)
	require.ErrorContains(t, err, "load the kubeconfig")
}

package s3_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/history"
	"gatehouse/report/history/s3"
	"gatehouse/report/readiness"
	"gatehouse/report/results/resultstest"
	"gatehouse/sandbox/sandboxtest"
)

// answering is a server that answers every call the same.
func answering(t *testing.T, code int, name string) *s3.Store {
	t.Helper()
	return open(t, sandboxtest.Config(sandboxtest.RefusingS3(t, code, name)), "s3://bucket/prefix")
}

// The emulator denies nothing, so what AWS answers then is answered here.
func TestBadAnswersAreExplained(t *testing.T) {
	for name, c := range map[string]struct {
		code             int
		put, list, fetch string
	}{
		"AccessDenied":                 {403, "s3:PutObject on arn:aws:s3:::bucket/prefix/*", "s3:ListBucket on arn:aws:s3:::bucket is", "s3:GetObject on arn:aws:s3:::bucket/prefix/*"},
		"AuthorizationHeaderMalformed": {400, "in another region", "in another region", "in another region"},
		"NotImplemented":               {501, "cannot write on a condition", "", ""},
		"SlowDown":                     {503, "SlowDown", "SlowDown", "SlowDown"},
	} {
		t.Run(name, func(t *testing.T) {
			store := answering(t, c.code, name)
			require.ErrorContains(t, store.Put(t.Context(), resultstest.Run("staging", resultstest.Start)), c.put)
			_, err := store.List(t.Context(), "staging", time.Time{})
			require.ErrorContains(t, err, c.list)
			_, err = store.Get(t.Context(), "staging-20261122T101500Z")
			require.ErrorContains(t, err, c.fetch)
		})
	}
}

// Another was writing it and failed: nothing is there, and nothing was kept.
func TestAConflictThatKeptNothing(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, name := http.StatusNotFound, "NoSuchKey"
		if r.Method == http.MethodPut {
			code, name = http.StatusConflict, "ConditionalRequestConflict"
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte("<Error><Code>" + name + "</Code><Message>no</Message></Error>"))
	}))
	t.Cleanup(server.Close)
	err := open(t, sandboxtest.Config(server.URL), "s3://bucket").Put(t.Context(), resultstest.Run("staging", resultstest.Start))
	require.ErrorContains(t, err, "ConditionalRequestConflict")
}

// A server that says nothing is waited for as long as the context lasts.
func TestAStallEndsWithTheContext(t *testing.T) {
	endpoint, asked := sandboxtest.Silent(t)
	store := open(t, sandboxtest.Config(endpoint), "s3://bucket")
	for name, call := range map[string]func(context.Context) error{
		"put": func(ctx context.Context) error { return store.Put(ctx, resultstest.Run("staging", resultstest.Start)) },
		"list": func(ctx context.Context) error {
			_, err := store.List(ctx, "staging", time.Time{})
			return err
		},
		"get": func(ctx context.Context) error {
			_, err := store.Get(ctx, "staging-20261122T101500Z")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-asked
				cancel()
			}()
			require.ErrorIs(t, call(ctx), context.Canceled)
		})
	}
}

// What is cut off on its way is no run.
func TestAnAnswerThatIsCutOff(t *testing.T) {
	_, content, err := history.Encode(resultstest.Run("staging", resultstest.Start))
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(content[:len(content)/2])
	}))
	t.Cleanup(server.Close)
	var run readiness.Run
	run, err = open(t, sandboxtest.Config(server.URL), "s3://bucket").Get(t.Context(), "staging-20261122T101500Z")
	require.ErrorContains(t, err, "the file is cut off")
	require.Empty(t, run.ID)
}

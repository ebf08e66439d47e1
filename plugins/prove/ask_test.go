package prove_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/prove"
)

const empty = `{"generation":"","started":true,"failure":"","node":"","backstage":"","plugins":[]}`

// answering is the address of a server that answers in one way.
func answering(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func says(status int, kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}
}

func TestAsk(t *testing.T) {
	l, err := prove.Ask(t.Context(), nil, answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/v1/plugins" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		says(200, "application/json; charset=utf-8", empty)(w, r)
	}))
	require.NoError(t, err)
	require.True(t, l.Started)
}

func TestAskHostileAnswers(t *testing.T) {
	elsewhere := answering(t, says(200, "application/json", empty))
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		// understood tells that it is known to be no probe.
		understood bool
	}{
		"a page":         {says(200, "text/html", "<html>"), true},
		"JSON as a page": {says(200, "text/html", empty), true},
		"no type":        {says(200, "", empty), true},
		"not found":      {says(404, "application/json", empty), true},
		"no content":     {says(204, "application/json", ""), true},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+elsewhere+"/v1/plugins", http.StatusFound)
		}, true},
		"another JSON": {says(200, "application/json", `{"status":"ok"}`), true},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			space := []byte(strings.Repeat(" ", 1<<16))
			for r.Context().Err() == nil {
				if _, err := w.Write(space); err != nil {
					return
				}
			}
		}, true},
		"failing": {says(500, "application/json", empty), false},
		"no pod":  {says(503, "text/plain", "no endpoints"), false},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "10000")
			_, _ = w.Write([]byte(empty))
			panic(http.ErrAbortHandler)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			address := answering(t, test.answer)
			_, err := prove.Ask(t.Context(), nil, address)
			require.ErrorContains(t, err, address)
			if test.understood {
				require.ErrorIs(t, err, prove.ErrAnswer)
			} else {
				require.NotErrorIs(t, err, prove.ErrAnswer)
			}
		})
	}
}

func TestAskCannotTell(t *testing.T) {
	_, err := prove.Ask(t.Context(), nil, free(t))
	require.ErrorContains(t, err, "refused")
	require.NotErrorIs(t, err, prove.ErrAnswer)

	for _, none := range []string{"", "localhost", ":7010", "http://localhost", "localhost:http", "a@b:7010", "a/b:7010"} {
		_, err = prove.Ask(t.Context(), nil, none)
		require.ErrorContains(t, err, "HOST:PORT", none)
	}

	ctx, cancel := context.WithCancel(t.Context())
	_, err = prove.Ask(ctx, nil, answering(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done() // it never answers
	}))
	require.ErrorIs(t, err, context.Canceled)
}

func TestHealthy(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		text   string // "" when it is healthy
		known  bool
	}{
		"ready":     {says(200, "application/json", `{"status":"ok"}`), "", false},
		"starting":  {says(503, "application/json", `{"message":"Backend has not started yet","status":"error"}`), "it is not ready: Backend has not started yet", true},
		"no reason": {says(503, "text/plain", "no"), "it gives no reason", true},
		"not there": {says(404, "text/plain", "no"), "status 404, not 200", false},
		"elsewhere": {says(302, "text/plain", ""), "status 302, not 200", false},
	} {
		t.Run(name, func(t *testing.T) {
			err := prove.Healthy(t.Context(), nil, answering(t, test.answer))
			if test.text == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.text)
			if test.known {
				require.ErrorIs(t, err, prove.ErrNotReady)
			} else {
				require.NotErrorIs(t, err, prove.ErrNotReady)
			}
		})
	}
	err := prove.Healthy(t.Context(), nil, free(t))
	require.ErrorContains(t, err, "refused")
	require.NotErrorIs(t, err, prove.ErrNotReady)
}

// A process that has nothing more to do ends, though the probe listens, and though it
// waits for its port.
func TestTheProbeKeepsNoProcessAlive(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not on PATH")
	}
	serve, err := filepath.Abs(filepath.Join("probe", "serve.js"))
	require.NoError(t, err)
	taken := answering(t, says(200, "text/plain", ""))
	for name, address := range map[string]string{"it listens": free(t), "its port is another's": taken} {
		t.Run(name, func(t *testing.T) {
			// The hold is undone once the probe has said what came of its port.
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			out, err := exec.CommandContext(ctx, "node", "-e", `
				const hold = setInterval(() => {}, 1000);
				const said = text => { console.log(text); clearInterval(hold); };
				require(process.argv[1]).serve(process.argv[2], { info: said, warn: said, error: said }, {});
			`, serve, address).CombinedOutput()
			require.NoError(t, err)
			require.Contains(t, string(out), "the probe of plugins")
		})
	}
}

package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/load"
	"gatehouse/checks/target"
	"gatehouse/internal/toolbox"
	"gatehouse/sandbox/front/fronttest"
)

// k6 is the pinned program, built when it is not cached.
func k6(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs k6, which takes two minutes to build; run make test")
	}
	path, err := toolbox.Ensure(t.Context(), "../..", toolbox.LoadTester, func(line string) { t.Log(line) })
	require.NoError(t, err)
	return path
}

func portal(t *testing.T, wrap func(http.Handler) http.Handler) (*fronttest.Server, target.Web) {
	s := fronttest.Portal(t, fronttest.Options{Wrap: wrap})
	t.Setenv("TEST_LOAD_TOKEN", fronttest.Token)
	return s, target.Web{
		Portal: s.PortalURL, API: s.APIURL, Resolve: s.Resolve, CA: s.CA, Token: target.Secret{Env: "TEST_LOAD_TOKEN"},
	}
}

// summary is the part of a summary that matters here.
type summary struct {
	Gatehouse load.Provenance `json:"gatehouse"`
	State     struct {
		Milliseconds float64 `json:"testRunDurationMs"`
	} `json:"state"`
	Metrics map[string]struct {
		Values     map[string]float64           `json:"values"`
		Thresholds map[string]struct{ OK bool } `json:"thresholds"`
	} `json:"metrics"`
}

func read(t *testing.T, path string) summary {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(text), fronttest.Token)
	var s summary
	require.NoError(t, json.Unmarshal(text, &s))
	return s
}

func TestAGoodPortal(t *testing.T) {
	program := k6(t)
	_, at := portal(t, nil)
	folder, started := filepath.Join(t.TempDir(), "staging"), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var output bytes.Buffer
	path, err := load.Run(t.Context(), program, at, load.Options{
		Folder: folder, VUs: 5, Duration: 2 * time.Second, Output: &output, P95: 5 * time.Second,
		Now: func() time.Time { return started },
	})
	require.NoError(t, err, output.String())
	require.NotContains(t, output.String(), fronttest.Token)
	require.Equal(t, filepath.Join(folder, load.SummaryFile), path)
	s := read(t, path)
	require.Len(t, s.Gatehouse.Script, 64)
	s.Gatehouse.Script = ""
	require.Equal(t, load.Provenance{
		Started: started, Portal: at.Portal, API: at.API, VUs: 5, DurationSeconds: 2, Authenticated: true, Verified: true,
	}, s.Gatehouse)
	require.GreaterOrEqual(t, s.State.Milliseconds, 2000.0)
	require.EqualValues(t, 5, s.Metrics["vus"].Values["max"])
	require.Greater(t, s.Metrics["http_reqs"].Values["count"], 14.0, "three pages a user at least")
	require.True(t, s.Metrics["http_req_duration"].Thresholds["p(95)<5000"].OK)
	require.True(t, s.Metrics["http_req_failed"].Thresholds["rate<0.01"].OK)
	require.True(t, s.Metrics["checks"].Thresholds["rate>0.99"].OK)
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, files, 1, "nothing is left beside")
}

func TestAPortalThatFails(t *testing.T) {
	program := k6(t)
	var asked atomic.Int32
	_, at := portal(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/plugins" && asked.Add(1)%2 == 0 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	folder := t.TempDir()
	path, err := load.Run(t.Context(), program, at, load.Options{
		Folder: folder, VUs: 3, Duration: time.Second, P95: 5 * time.Second, Pause: 100 * time.Millisecond,
	})
	require.ErrorIs(t, err, load.ErrCrossed)
	require.ErrorContains(t, err, path)
	s := read(t, path)
	require.False(t, s.Metrics["http_req_failed"].Thresholds["rate<0.01"].OK)
	require.False(t, s.Metrics["checks"].Thresholds["rate>0.99"].OK)
	require.True(t, s.Metrics["http_req_duration"].Thresholds["p(95)<5000"].OK)
}

func TestATestThatIsCutOff(t *testing.T) {
	program := k6(t)
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int32
	_, at := portal(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) == 5 {
				cancel()
			}
			next.ServeHTTP(w, r)
		})
	})
	folder := t.TempDir()
	older := filepath.Join(folder, load.SummaryFile)
	require.NoError(t, os.WriteFile(older, []byte("{}"), 0o600))
	begin := time.Now()
	_, err := load.Run(ctx, program, at, load.Options{Folder: folder, VUs: 2})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(begin), 30*time.Second)
	text, err := os.ReadFile(older)
	require.NoError(t, err)
	require.Equal(t, "{}", string(text))
}

func TestAProgramThatFails(t *testing.T) {
	program := filepath.Join(t.TempDir(), "k6")
	script := "#!/bin/sh\necho 'cannot start' >&2\nexit 107\n"
	require.NoError(t, os.WriteFile(program, []byte(script), 0o700))
	at := target.Web{Portal: "https://portal.example.com"}
	_, err := load.Run(t.Context(), program, at, load.Options{Folder: t.TempDir()})
	require.ErrorContains(t, err, "cannot start")
	require.False(t, errors.Is(err, load.ErrCrossed))

	_, err = load.Run(t.Context(), "/nowhere/k6", at, load.Options{Folder: t.TempDir()})
	require.ErrorContains(t, err, "no such file")

	silent := "#!/bin/sh\nexit 0\n"
	require.NoError(t, os.WriteFile(program, []byte(silent), 0o700))
	_, err = load.Run(t.Context(), program, at, load.Options{Folder: t.TempDir()})
	require.ErrorContains(t, err, "keep the load test's summary")
}

func TestTargetsThatCannotBeUsed(t *testing.T) {
	for wanted, at := range map[string]target.Web{
		"web.portal is no URL": {Portal: "http://portal.example.com"},
		"k6 wants IP:port":     {Portal: "https://portal.example.com", Resolve: map[string]string{"portal.example.com": "localhost:443"}},
		"is not set":           {Portal: "https://portal.example.com", Token: target.Secret{Env: "TEST_NO_SUCH_TOKEN"}},
	} {
		_, err := load.Run(t.Context(), "k6", at, load.Options{Folder: t.TempDir()})
		require.ErrorContains(t, err, wanted)
		require.True(t, strings.HasPrefix(err.Error(), "run the load test: "), err)
	}
}

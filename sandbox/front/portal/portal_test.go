package portal_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/sandbox/front/portal"
	"gatehouse/sandbox/process"
)

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

// run runs a portal of its own process's kind, and returns its URL.
func run(t *testing.T, change func(*portal.Config)) string {
	t.Helper()
	dir := t.TempDir()
	port, err := process.FreePort()
	require.NoError(t, err)
	secret := filepath.Join(dir, "secret")
	require.NoError(t, os.WriteFile(secret, []byte("s3cret\n"), 0o600))
	c := portal.Config{
		Listen: process.Address(port), API: "api.example.com", User: "u", PasswordFile: secret, TokenFile: secret,
	}
	if change != nil {
		change(&c)
	}
	file := filepath.Join(dir, "portal.json")
	require.NoError(t, c.Write(file))
	read, err := portal.ReadConfig(file)
	require.NoError(t, err)
	require.Equal(t, c, read)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- portal.Run(ctx, read) }()
	t.Cleanup(func() {
		stop()
		require.ErrorIs(t, <-done, context.Canceled)
		goleak.VerifyNone(t)
	})
	url := "http://" + c.Listen
	require.Eventually(t, func() bool { code, _ := get(t, url); return code == http.StatusOK }, 10*time.Second, 5*time.Millisecond)
	return url
}

func TestWithoutStoresItIsUnhealthyAndServes(t *testing.T) {
	gone := func(c *portal.Config) {
		c.Database = &portal.Database{Address: "127.0.0.1:1", Name: "portal", User: "portal", PasswordFile: c.TokenFile, CA: "/does/not/exist"}
		c.Cache = &portal.Cache{Addresses: []string{"127.0.0.1:1"}, User: "portal", PasswordFile: "/does/not/exist"}
	}
	for name, change := range map[string]func(*portal.Config){"none": nil, "not there yet": gone} {
		t.Run(name, func(t *testing.T) {
			url := run(t, change)
			code, text := get(t, url+"/healthcheck")
			require.Equal(t, http.StatusServiceUnavailable, code)
			require.JSONEq(t, `{"status":"unhealthy","services":{"database":"disconnected","cache":"disconnected"}}`, text)
		})
	}
}

func TestMetricsHaveTheNamesThatTheRulesRead(t *testing.T) {
	url := run(t, nil)
	get(t, url+"/healthcheck")
	get(t, url+"/nowhere/at/all")
	_, backend := get(t, url+"/metrics/backstage-backend")
	require.Contains(t, backend, `http_requests_total{method="GET",route="/healthcheck",status="503"} 1`)
	require.Contains(t, backend, `http_request_duration_seconds_bucket{method="GET",route="/healthcheck",status="503",le="0.5"} 1`)
	_, frontend := get(t, url+"/metrics/portal-frontend")
	require.Contains(t, frontend, `route="/",status="404"`)
	require.NotContains(t, frontend, "nowhere", "what is asked for makes no series")
	_, sockets := get(t, url+"/metrics/websocket")
	require.Contains(t, sockets, "websocket_connections 0")
	_, all := get(t, url+"/metrics")
	require.Equal(t, 1, strings.Count(all, `http_requests_total{method="GET",route="/healthcheck",service="backstage-backend",status="503"} 1`+"\n"))
	code, _ := get(t, url+"/metrics/nobody")
	require.Equal(t, http.StatusNotFound, code)
}

func TestASecretThatIsNotThereIsAnError(t *testing.T) {
	err := portal.Run(t.Context(), portal.Config{Listen: "127.0.0.1:0", PasswordFile: "/does/not/exist"})
	require.ErrorContains(t, err, "read a secret of the portal")
}

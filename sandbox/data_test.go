package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox"
	"gatehouse/sandbox/front"
)

// fetch asks the portal through nginx. Without an answer it gives the status 0 and
// why: whoever waits for one asks again.
func fetch(t *testing.T, web *sandbox.Web, url string) (int, string) {
	t.Helper()
	var address string
	for _, address = range web.Resolve {
		break
	}
	client, err := front.Client(web.CA, address)
	require.NoError(t, err)
	response, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(text)
}

// ask gives the value of a query of Prometheus with one result, "" without.
func ask(prometheus, query string) string {
	response, err := http.Get(prometheus + "/api/v1/query?query=" + url.QueryEscape(query))
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	if json.NewDecoder(response.Body).Decode(&answer) != nil || len(answer.Data.Result) != 1 {
		return ""
	}
	value, _ := answer.Data.Result[0].Value[1].(string)
	return value
}

func TestServersComeUpAndAreMended(t *testing.T) {
	long(t)
	s := open(t)
	o := sandbox.Options{Tools: tools(t), Data: true, Hosts: []string{"portal.example.com", "api.portal.example.com"}}
	first := up(t, s, o)
	require.Empty(t, first.Missing)
	require.NotNil(t, first.Data)
	require.Equal(t, "https://portal.example.com", first.Data.Web.PortalURL)

	healthy := func(status sandbox.Status) func() bool {
		return func() bool {
			code, text := fetch(t, status.Data.Web, status.Data.Web.APIURL+"/healthcheck")
			return code == http.StatusOK && strings.Contains(text, `"database":"connected","cache":"connected"`)
		}
	}
	require.Eventually(t, healthy(first), 10*time.Second, 20*time.Millisecond)

	again := up(t, s, o)
	require.Equal(t, first, again, "a second up must change nothing")

	t.Run("every job of Prometheus answers", func(t *testing.T) {
		var down []string
		require.Eventually(t, func() bool {
			response, err := http.Get(first.Data.Prometheus + "/api/v1/targets")
			if err != nil {
				return false
			}
			defer response.Body.Close()
			var answer struct {
				Data struct {
					ActiveTargets []struct{ Health, ScrapePool, LastError string }
				}
			}
			if json.NewDecoder(response.Body).Decode(&answer) != nil {
				return false
			}
			down = nil
			for _, target := range answer.Data.ActiveTargets {
				if target.Health != "up" {
					down = append(down, target.ScrapePool+" "+target.Health+" "+target.LastError)
				}
			}
			return len(down) == 0 && len(answer.Data.ActiveTargets) > 15
		}, 40*time.Second, 200*time.Millisecond, "%v", &down)
	})

	t.Run("every store answers its exporter", func(t *testing.T) {
		for query, want := range map[string]string{
			"sum(pg_up)": "3", "sum(pg_replication_is_replica)": "2", "sum(pgbouncer_up)": "1", "sum(redis_up)": "6",
			"count(count by (instance) (pg_up))": "3",
		} {
			var got string
			require.Eventually(t, func() bool {
				got = ask(first.Data.Prometheus, query)
				return got == want
			}, 40*time.Second, 200*time.Millisecond, "%s: %s", query, &got)
		}
	})

	for _, victim := range []string{"postgres", "pgbouncer", "redis-1", "nginx", "portal", "prometheus", "alertmanager"} {
		t.Run("kill "+victim, func(t *testing.T) {
			before, err := s.Status(t.Context())
			require.NoError(t, err)
			require.NoError(t, syscall.Kill(part(t, before, victim).PID, syscall.SIGKILL))
			require.Eventually(t, func() bool {
				status, err := s.Status(t.Context())
				return err == nil && !part(t, status, victim).Alive
			}, 10*time.Second, 20*time.Millisecond)
			after, err := s.Up(t.Context(), o)
			require.NoError(t, err)
			requireReady(t, after)
			require.Empty(t, after.Missing)
			for _, p := range after.Parts {
				require.Equal(t, part(t, before, p.Name).Port, p.Port, "ports are kept")
			}
			require.Eventually(t, healthy(after), 10*time.Second, 20*time.Millisecond)
		})
	}

	t.Run("without data they end", func(t *testing.T) {
		before, err := s.Status(t.Context())
		require.NoError(t, err)
		o := o
		o.Data = false
		after, err := s.Up(t.Context(), o)
		require.NoError(t, err)
		require.Nil(t, after.Data)
		require.Len(t, after.Parts, 6)
		before.Parts = before.Parts[6:]
		requireGone(t, before)
	})
	last := up(t, s, o)
	require.NoError(t, s.Down(t.Context()))
	requireGone(t, last)
	require.NoDirExists(t, s.Dir())
}

func TestAServerThatDoesNotStartBreaksNothingElse(t *testing.T) {
	long(t)
	s := open(t)
	o := sandbox.Options{Tools: tools(t), Data: true, Sentinel: true}
	broken := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(broken, "prometheus"), []byte("#!/bin/sh\necho no such flag >&2\nexit 1\n"), 0o700))
	path := os.Getenv("PATH")
	t.Setenv("PATH", broken+":"+path)
	t.Cleanup(func() { require.NoError(t, s.Down(context.Background())) })
	status, err := s.Up(t.Context(), o)
	require.NoError(t, err)
	require.Contains(t, status.Missing["prometheus"], "it ended at once")
	require.Contains(t, status.Missing["prometheus"], "no such flag")
	for _, p := range status.Parts {
		require.Equal(t, p.Name != "prometheus", p.Healthy, "%s: %s", p.Name, p.Problem)
	}
	require.Len(t, status.Data.Redis.Sentinels, 3)
	require.Eventually(t, func() bool {
		_, text := fetch(t, status.Data.Web, "https://portal.sandbox.test/api/health")
		return strings.Contains(text, `"status":"healthy"`)
	}, 20*time.Second, 50*time.Millisecond)

	t.Setenv("PATH", path)
	status, err = s.Up(t.Context(), o)
	require.NoError(t, err)
	require.Empty(t, status.Missing)
	requireReady(t, status)

	_, err = s.Up(t.Context(), sandbox.Options{Tools: o.Tools, Data: true, Hosts: []string{"only.one"}})
	require.ErrorContains(t, err, "name the hosts of the portal and of its API")
}

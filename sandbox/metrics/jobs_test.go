package metrics_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/metrics"
)

func TestPrometheusAcceptsEveryJob(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("needs promtool; run make sandbox-deps as root")
	}
	dir := t.TempDir()
	files := map[string]string{}
	for _, name := range []string{"ca", "crt", "key"} {
		files[name] = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(files[name], nil, 0o600))
	}
	p := metrics.Prometheus{Dir: dir, Port: 1, Alertmanager: "127.0.0.1:2", Cluster: "test", Interval: "5s", Scrapes: metrics.Targets{
		Portal: 3, Services: map[string]string{"portal-frontend": "developer-portal", "backstage-backend": "backstage"},
		Exporters: map[string]int{
			metrics.PostgresExporter: 4, metrics.RedisExporter: 5, metrics.NginxExporter: 6, metrics.Blackbox: 7,
			metrics.PostgresExporterOf(data.ReplicaName(1)): 11, metrics.PoolerExporter: 12,
			metrics.StateMetrics: 16,
		},
		Stores: data.Endpoints{
			Postgres: &data.PostgresEndpoints{Primary: "127.0.0.1:13", Replicas: []string{"127.0.0.1:14", "127.0.0.1:15"}},
			Redis:    &data.RedisEndpoints{Addresses: []string{"127.0.0.1:8"}},
		},
		Sites: []string{"portal.example.com", "api.portal.example.com"}, HTTPS: "127.0.0.1:9",
		Probes:    filepath.Join(dir, "probes.json"),
		APIServer: "127.0.0.1:10", APIServerTLS: metrics.ClientTLS{CA: files["ca"], Certificate: files["crt"], Key: files["key"]},
	}.Jobs()}
	require.NoError(t, p.Write())
	out, err := exec.Command(promtool, "check", "config", "--syntax-only", filepath.Join(dir, "prometheus.yml")).CombinedOutput()
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(filepath.Join(dir, "prometheus.yml"))
	require.NoError(t, err)
	for _, job := range []string{"portal-frontend", "backstage-backend", "apiserver", "postgres-exporter", "pgbouncer", "redis-exporter", "blackbox-exporter-health", "backstage-plugins", "kube-state-metrics"} {
		require.Equal(t, 1, strings.Count(string(text), "job_name: "+job+"\n"), job)
	}
	require.Contains(t, string(text), "instance: 127.0.0.1:13\n")
	require.Contains(t, string(text), "instance: 127.0.0.1:14\n")
	require.NotContains(t, string(text), "127.0.0.1:15", "nobody exports it")
}

func TestARunningPrometheusIsGivenNewJobs(t *testing.T) {
	var reloads atomic.Int32
	running := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/-/reload" {
			reloads.Add(1)
		}
	}))
	defer running.Close()
	p := metrics.Prometheus{
		Dir: t.TempDir(), Port: running.Listener.Addr().(*net.TCPAddr).Port, Interval: "5s",
		Scrapes: []metrics.Scrape{{Job: "new"}},
	}
	server, err := p.Server()
	if errors.Is(err, data.ErrNotInstalled) {
		t.Skip(err)
	}
	require.NoError(t, err)
	require.NoError(t, server.Settle(t.Context()))
	text, err := os.ReadFile(filepath.Join(p.Dir, "prometheus.yml"))
	require.NoError(t, err)
	require.Contains(t, string(text), "job_name: new\n")
	require.EqualValues(t, 1, reloads.Load())
}

func TestWhatIsNotInstalledIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := metrics.Prometheus{}.Server()
	require.ErrorIs(t, err, data.ErrNotInstalled)
	require.ErrorContains(t, err, "install the package prometheus")
	_, err = metrics.Alertmanager{}.Server()
	require.ErrorIs(t, err, data.ErrNotInstalled)
	servers, missing := metrics.Exporters{Log: func(string) string { return "" }}.Servers()
	require.Empty(t, servers)
	require.Len(t, missing, 2, "the stores' have nothing to look at")
}

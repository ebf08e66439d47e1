package metrics_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
		},
		Stores: data.Endpoints{Redis: &data.RedisEndpoints{Addresses: []string{"127.0.0.1:8"}}},
		Sites:  []string{"portal.example.com", "api.portal.example.com"}, HTTPS: "127.0.0.1:9",
		APIServer: "127.0.0.1:10", APIServerTLS: metrics.ClientTLS{CA: files["ca"], Certificate: files["crt"], Key: files["key"]},
	}.Jobs()}
	require.NoError(t, p.Write())
	out, err := exec.Command(promtool, "check", "config", "--syntax-only", filepath.Join(dir, "prometheus.yml")).CombinedOutput()
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(filepath.Join(dir, "prometheus.yml"))
	require.NoError(t, err)
	for _, job := range []string{"portal-frontend", "backstage-backend", "apiserver", "postgres-exporter", "redis-exporter", "blackbox-exporter-health"} {
		require.Equal(t, 1, strings.Count(string(text), "job_name: "+job+"\n"), job)
	}
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

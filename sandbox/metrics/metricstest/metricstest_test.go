package metricstest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/metrics/metricstest"
)

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(text)
}

const watchdog = `groups:
- name: monitoring
  rules:
  - {alert: Watchdog, expr: vector(1), labels: {severity: info}}
`

func TestAlertsFlowFromPrometheusToTheReceiver(t *testing.T) {
	sink := metricstest.NewSink(t)
	alertmanager := metricstest.Alertmanager(t, `route: {receiver: heartbeat, group_wait: 0s}
receivers:
- name: heartbeat
  webhook_configs: [{url: "`+sink.URL+`/heartbeat"}]
`)
	prometheus := metricstest.Prometheus(t, metricstest.Options{
		Rules: map[string]string{"monitoring": watchdog}, Alertmanager: alertmanager.Address,
	})
	require.Eventually(t, func() bool { return len(sink.Paths()) > 0 }, 30*time.Second, 50*time.Millisecond)
	require.Equal(t, "/heartbeat", sink.Paths()[0])
	require.Contains(t, get(t, prometheus.URL+"/api/v1/alerts"), "Watchdog")
	require.Contains(t, get(t, alertmanager.URL+"/api/v2/alerts"), "Watchdog")

	var status struct{ Cluster struct{ Status string } }
	require.NoError(t, json.Unmarshal([]byte(get(t, alertmanager.URL+"/api/v2/status")), &status))
	require.Equal(t, "disabled", status.Cluster.Status, "no port for peers")
}

func TestRulesAreReadAgainAndBrokenOnesRefused(t *testing.T) {
	p := metricstest.Prometheus(t, metricstest.Options{})
	require.NoError(t, p.SetRules("monitoring", watchdog))
	require.Contains(t, get(t, p.URL+"/api/v1/rules"), "Watchdog")
	err := p.SetRules("broken", strings.ReplaceAll(watchdog, "vector(1)", "vector("))
	require.ErrorContains(t, err, "could not parse expression")
	require.Contains(t, get(t, p.URL+"/api/v1/rules"), "Watchdog", "what held before still does")
	p.RemoveRules("broken")

	p.Pause()
	client := &http.Client{Timeout: 100 * time.Millisecond}
	require.ErrorContains(t, ask(client, p.URL+"/-/ready"), "Timeout")
	p.Resume()
	p.Kill()
	require.ErrorContains(t, ask(client, p.URL+"/-/ready"), "connection refused")
	p.Start()
	require.Contains(t, get(t, p.URL+"/api/v1/rules"), "Watchdog")

	a := metricstest.Alertmanager(t, "")
	require.ErrorContains(t, a.SetConfig("route: {receiver: nobody-knows}"), "undefined receiver")
}

func ask(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}

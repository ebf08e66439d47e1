package controllers_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/controllers"
	"gatehouse/sandbox/metrics/metricstest"
	"gatehouse/sandbox/sandboxtest"
)

func fetch(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

const ruleObject = `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: NAME}
spec:
  groups:
  - name: NAME
    rules:
    - {alert: NAME, expr: 'EXPR', labels: {severity: info}}`

func TestRulesAndRoutesReachTheRunningServers(t *testing.T) {
	b := newBench(t)
	prometheus := metricstest.Prometheus(t, metricstest.Options{})
	alertmanager := metricstest.Alertmanager(t, "")
	sink, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := sink.Addr().String()
	require.NoError(t, sink.Close())
	config, err := clientcmd.BuildConfigFromFlags("", sandboxtest.Kubernetes(t))
	require.NoError(t, err)
	done := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		done <- controllers.Run(ctx, config, controllers.Options{Monitoring: controllers.Monitoring{
			Prometheus: prometheus.URL, Rules: prometheus.Rules(),
			Alertmanager: alertmanager.URL, Routes: alertmanager.File(), Sink: address,
		}})
	}()
	t.Cleanup(func() { stop(); <-done })

	rules := func() string { return fetch(t, prometheus.URL+"/api/v1/rules") }
	has := func(text string) func() bool { return func() bool { return strings.Contains(rules(), text) } }
	object := func(name, expr string) string {
		return strings.NewReplacer("NAME", name, "EXPR", expr).Replace(ruleObject)
	}
	b.create("monitoring.coreos.com", "v1", "prometheusrules", object("watchdog", "vector(1)"))
	require.Eventually(t, has("watchdog"), 30*time.Second, 50*time.Millisecond)

	b.create("monitoring.coreos.com", "v1", "prometheusrules", object("broken", "vector("))
	refused := filepath.Join(prometheus.Rules(), b.namespace+"-broken.yaml.refused")
	require.Eventually(t, func() bool { _, err := os.Stat(refused); return err == nil }, 30*time.Second, 50*time.Millisecond)
	b.create("monitoring.coreos.com", "v1", "prometheusrules", object("after", "vector(2)"))
	require.Eventually(t, has("after"), 30*time.Second, 50*time.Millisecond, "a broken rule stops no other")
	require.Contains(t, rules(), "watchdog")
	require.NotContains(t, rules(), "broken")

	prometheus.Stop()
	require.NoError(t, b.resource("monitoring.coreos.com", "v1", "prometheusrules").Delete(t.Context(), "watchdog", metav1.DeleteOptions{}))
	prometheus.Start()
	require.Eventually(t, func() bool { return !strings.Contains(rules(), "watchdog") && has("after")() }, 30*time.Second, 50*time.Millisecond)

	_, err = b.client.CoreV1().Secrets(b.namespace).Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "alertmanager-config"},
		StringData: map[string]string{"alertmanager.yaml": `
global: {slack_api_url: "https://hooks.slack.com/services/T/B/X"}
route: {receiver: critical-alerts, group_wait: 0s}
receivers:
- name: critical-alerts
  slack_configs: [{api_url_file: /etc/alertmanager/secrets/slack, channel: "#alerts"}]
  pagerduty_configs: [{routing_key_file: /etc/alertmanager/secrets/pagerduty}]
- name: heartbeat
  webhook_configs: [{url_file: /etc/alertmanager/secrets/dead-mans-switch}]`},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return strings.Contains(fetch(t, alertmanager.URL+"/api/v2/receivers"), "heartbeat")
	}, 30*time.Second, 50*time.Millisecond)

	response, err := http.Post(alertmanager.URL+"/api/v2/alerts", "application/json", strings.NewReader(`[{"labels":{"alertname":"a"}}]`))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Eventually(t, func() bool {
		metrics := fetch(t, alertmanager.URL+"/metrics")
		return strings.Contains(metrics, `alertmanager_notifications_total{integration="slack"} 1`) &&
			strings.Contains(metrics, `alertmanager_notifications_total{integration="pagerduty"} 1`)
	}, 30*time.Second, 50*time.Millisecond)
	require.Contains(t, fetch(t, alertmanager.URL+"/metrics"), `alertmanager_notification_requests_failed_total{integration="slack"} 0`)
}

func TestHarmlessRoutesReachNothingButTheSink(t *testing.T) {
	const sink = "http://127.0.0.1:1"
	safe, err := controllers.Harmless([]byte(`
global: {smtp_smarthost: 'mail.example.com:25', http_config: {proxy_url: 'http://proxy.example.com'}}
templates: ['/etc/*.tmpl']
route: {receiver: a, routes: [{receiver: b, matchers: ['severity="critical"']}]}
receivers:
- name: a
  email_configs: [{to: me@example.com}]
  opsgenie_configs: [{api_key: k, api_url: 'https://api.opsgenie.com'}]
  webhook_configs: [{url: 'https://example.com/hook', http_config: {proxy_url: 'http://proxy.example.com'}, send_resolved: true}]
- name: b
  slack_configs: [{api_url: 'https://hooks.slack.com/x', channel: '#x', icon_url: 'https://example.com/i'}]
  pagerduty_configs: [{service_key: k, url: 'https://events.pagerduty.com'}]
- name: nobody
`), sink)
	require.NoError(t, err)
	require.NotContains(t, string(safe), "example.com")
	require.NotContains(t, string(safe), "https://")
	require.Contains(t, string(safe), sink+"/email")
	require.Contains(t, string(safe), sink+"/opsgenie")
	require.Contains(t, string(safe), sink+"/slack")
	require.Contains(t, string(safe), `severity="critical"`, "the routes are kept")
	require.Contains(t, string(safe), "name: nobody")
	for _, broken := range []string{"", "a: [", "receivers: [1]"} {
		_, err := controllers.Harmless([]byte(broken), sink)
		require.ErrorContains(t, err, "Alertmanager's configuration", broken)
	}
}

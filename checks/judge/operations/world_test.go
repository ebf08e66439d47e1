package operations_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/alertmanager"
	"gatehouse/checks/collect/prometheus"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/operations"
	"gatehouse/checks/target"
	"gatehouse/report/readiness"
	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/metrics/metricstest"
)

// figures are thresholds as in the checklist.
var figures = judge.Thresholds{
	"minRetention": "168h", "maxScrapeAge": "5m", "jobs": []any{"portal-frontend", "backstage-backend"}, "grafanaJob": "grafana",
	"maxRuleAge": "5m", "alerts": []any{"PortalDown|FrontendDown", "Watchdog"}, "severity": "critical", "tolerated": []any{},
	"watchdog": "Watchdog", "maxAlertAge": "10m", "severities": []any{"critical", "warning"}, "maxUndelivered": 0.1,
	"maxSilence": "168h", "maxErrorRatio": 0.01, "minRate": 0.1, "maxP95": 1,
	"maxAdmins": 2, "classificationTag": "data-classification", "classes": []any{"internal", "restricted"},
}

const healthyRules = `groups:
- name: portal
  interval: 1s
  rules:
  - alert: PortalDown
    expr: max by (job) (up{job="portal-frontend"}) == 0 or absent(up{job="portal-frontend"})
    labels: {severity: critical, team: platform}
  - alert: HighErrorRate
    expr: vector(0) > 1
    labels: {severity: warning}
- name: monitoring
  interval: 1s
  rules:
  - alert: Watchdog
    expr: vector(1)
    labels: {severity: info}
`

const healthyRoutes = `route:
  receiver: warning-alerts
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1s
  routes:
  - {receiver: heartbeat, matchers: ['alertname="Watchdog"']}
  - {receiver: critical-alerts, matchers: ['severity="critical"']}
receivers:
- name: warning-alerts
  webhook_configs: [{url: %[1]s/warning}]
- name: critical-alerts
  webhook_configs: [{url: %[1]s/critical}]
- name: heartbeat
  webhook_configs: [{url: %[1]s/heartbeat}]
- name: nobody
`

// portal stands in for what Prometheus scrapes and what Alertmanager tells: it
// really serves metrics, whose counters grow with every scrape, and takes
// notifications. How it behaves can be changed.
type portal struct {
	sync.Mutex
	*httptest.Server
	scrapes               int
	failing, slow, losing bool // its requests, and its logs
	stores, probe         int
	down                  string // the job that answers 503
	refusing              bool   // notifications
}

func newPortal(t *testing.T) *portal {
	p := &portal{stores: 1, probe: 1}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *portal) set(change func(p *portal)) {
	p.Lock()
	defer p.Unlock()
	change(p)
}

func (p *portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.Lock()
	defer p.Unlock()
	job := strings.TrimPrefix(r.URL.Path, "/metrics/")
	switch {
	case r.Method == http.MethodPost && p.refusing:
		w.WriteHeader(http.StatusBadRequest)
	case r.Method == http.MethodPost:
	case job == p.down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case job == "exporters":
		p.exporters(w)
	}
}

func (p *portal) exporters(w http.ResponseWriter) {
	p.scrapes++
	n := 10 * p.scrapes
	choose := func(when bool, of int) int {
		if when {
			return of
		}
		return 0
	}
	fmt.Fprintf(w, "pg_up %d\nredis_up %d\nprobe_success %d\n", p.stores, p.stores, p.probe)
	fmt.Fprintf(w, "http_requests_total{service=\"api\",status=\"200\"} %d\n", n)
	fmt.Fprintf(w, "http_requests_total{service=\"api\",status=\"500\"} %d\n", choose(p.failing, n))
	fmt.Fprintf(w, "http_request_duration_seconds_bucket{service=\"api\",le=\"0.5\"} %d\n", choose(!p.slow, n))
	fmt.Fprintf(w, "http_request_duration_seconds_bucket{service=\"api\",le=\"5\"} %d\n", n)
	fmt.Fprintf(w, "http_request_duration_seconds_bucket{service=\"api\",le=\"+Inf\"} %d\n", n)
	fmt.Fprintf(w, "http_request_duration_seconds_count{service=\"api\"} %d\nhttp_request_duration_seconds_sum{service=\"api\"} 1\n", n)
	fmt.Fprintf(w, "fluentbit_output_proc_records_total{name=\"cloudwatch\"} %d\n", n)
	fmt.Fprintf(w, "fluentbit_output_dropped_records_total{name=\"cloudwatch\"} %d\n", choose(p.losing, n))
	fmt.Fprintf(w, "fluentbit_output_retries_failed_total{name=\"cloudwatch\"} 0\n")
}

// world is a real Prometheus and a real Alertmanager around a portal.
type world struct {
	t            *testing.T
	portal       *portal
	prometheus   *metricstest.PrometheusServer
	alertmanager *metricstest.AlertmanagerServer
	stage        checkstest.Stage
}

func newWorld(t *testing.T) *world {
	if testing.Short() {
		t.Skip("long: needs Prometheus and Alertmanager; run make test")
	}
	w := &world{t: t, portal: newPortal(t)}
	w.alertmanager = metricstest.Alertmanager(t, w.routes())
	w.stage = checkstest.Stage{
		Checkers: watched(), Thresholds: figures, Readers: w.readers, Limit: time.Second,
		Environment: judge.Environment{Name: "test"},
	}
	w.start()
	return w
}

// watched are the checkers over Prometheus and Alertmanager.
func watched() []judge.Checker {
	return slices.DeleteFunc(operations.Checkers(), func(k judge.Checker) bool {
		return strings.HasPrefix(string(k.Needs[0]), string(evidence.State)+".")
	})
}

func (w *world) routes() string { return fmt.Sprintf(healthyRoutes, w.portal.URL) }

func (w *world) scrapes() []metrics.Scrape {
	at := func(job, address, path string) metrics.Scrape {
		return metrics.Scrape{Job: job, Path: path, Static: []metrics.Static{{Targets: []string{address}}}}
	}
	scrapes := []metrics.Scrape{at("alertmanager", w.alertmanager.Address, "/metrics")}
	for _, job := range []string{"portal-frontend", "backstage-backend", "kps-grafana", "exporters"} {
		scrapes = append(scrapes, at(job, strings.TrimPrefix(w.portal.URL, "http://"), "/metrics/"+job))
	}
	return scrapes
}

// forget begins with a Prometheus that remembers nothing.
func (w *world) forget() {
	if w.prometheus != nil {
		w.prometheus.Stop()
	}
	w.prometheus = metricstest.Prometheus(w.t, metricstest.Options{
		Rules: map[string]string{"portal": healthyRules}, Scrapes: w.scrapes(), Alertmanager: w.alertmanager.Address,
	})
}

// start is forget, and waits until all is well.
func (w *world) start() {
	w.forget()
	for _, k := range watched() {
		w.await(k.ID, readiness.Pass)
	}
}

func (w *world) readers(t *testing.T) []evidence.Reader {
	p, err := prometheus.New(t.Context(), target.HTTP{URL: w.prometheus.URL})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	a, err := alertmanager.New(t.Context(), target.HTTP{URL: w.alertmanager.URL})
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return append(p.Readers(), a.Readers()...)
}

// await asks until a checker says what is wanted.
func (w *world) await(id string, want readiness.Verdict) {
	w.t.Helper()
	var last readiness.Judgement
	defer func() {
		if last.Verdict != want {
			w.t.Logf("%s: %s: %s %s", id, last.Verdict, last.Found, last.Reasons)
		}
	}()
	require.Eventually(w.t, func() bool {
		last = w.stage.Judge(w.t, id)
		return last.Verdict == want
	}, 40*time.Second, 100*time.Millisecond, id)
}

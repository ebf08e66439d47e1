package operations_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/report/readiness"
	"gatehouse/sandbox/metrics"
)

func TestLiveMonitoring(t *testing.T) {
	w := newWorld(t)
	none := func(p *portal) { p.down = "" }
	w.stage.Play(t,
		w.watching("prometheus-healthy", "refuses its configuration", w.brokenConfiguration),
		w.watching("prometheus-targets-up", "503", w.change(func(p *portal) { p.down = "exporters" }, none)),
		w.watching("portal-targets-up", "nobody measures it", w.unscraped("portal-frontend")),
		w.watching("grafana-up", "503", w.change(func(p *portal) { p.down = "kps-grafana" }, none)),
		w.watching("postgres-exporter-up", "pg_up is 0", w.change(func(p *portal) { p.stores = 0 }, func(p *portal) { p.stores = 1 })),
		w.watching("redis-exporter-up", "redis_up is 0", w.change(func(p *portal) { p.stores = 0 }, func(p *portal) { p.stores = 1 })),
		w.watching("uptime-probes-succeed", "probe_success is 0", w.change(func(p *portal) { p.probe = 0 }, func(p *portal) { p.probe = 1 })),
		// A join of many series with many: only the evaluation can find that out.
		w.watching("alert-rules-healthy", "cannot be evaluated", w.rules(
			`groups: [{name: broken, interval: 1s, rules: [{record: a, expr: 'up * on () up'}]}]`)),
		w.watching("alert-rules-present", "alert PortalDown|FrontendDown: no such rule is loaded", w.renamed("PortalDown")),
		w.watching("critical-alerts-quiet", "alert PortalDown of portal-frontend: has fired since",
			w.change(func(p *portal) { p.down = "portal-frontend" }, none)),
		w.watching("alerts-reach-alertmanager", "knows no Alertmanager", w.unconnected),
		w.telling("alert-routes-reach-people", "goes to nobody, which tells nobody", w.routed("critical-alerts")),
		w.telling("dead-mans-switch", "goes to nobody, which tells nobody", w.routed("heartbeat")),
		w.telling("alert-silences-narrow", `silences everything that has severity="critical"`, w.silenced),
		w.watching("alert-notifications-delivered", "notifications by webhook",
			w.anew(func(p *portal) { p.refusing = true }, func(p *portal) { p.refusing = false })),
		w.watching("logs-delivered", "has given up on", w.anew(func(p *portal) { p.losing = true }, func(p *portal) { p.losing = false })),
		w.watching("error-ratio-low", "% of its requests failed", w.anew(func(p *portal) { p.failing = true }, func(p *portal) { p.failing = false })),
		w.watching("latency-low", "the 95th percentile is", w.anew(func(p *portal) { p.slow = true }, func(p *portal) { p.slow = false })),
	)
}

// watching is a scene of a checker over Prometheus, which is blinded by a
// server that hangs.
func (w *world) watching(id, found string, broken func(t *testing.T, mended func())) checkstest.Scene {
	mended := func() { w.await(id, readiness.Pass) }
	return checkstest.Scene{
		Checker: id, Found: found, Why: "timed out",
		Break: func(t *testing.T) {
			broken(t, mended)
			w.await(id, readiness.Fail)
		},
		Blind: func(t *testing.T) {
			w.prometheus.Pause()
			t.Cleanup(func() {
				w.prometheus.Resume()
				mended()
			})
			w.await(id, readiness.Unknown)
		},
	}
}

// telling is a scene of a checker over Alertmanager.
func (w *world) telling(id, found string, broken func(t *testing.T, mended func())) checkstest.Scene {
	scene := w.watching(id, found, broken)
	scene.Blind = func(t *testing.T) {
		w.alertmanager.Pause()
		t.Cleanup(func() {
			w.alertmanager.Resume()
			w.await(id, readiness.Pass)
		})
		w.await(id, readiness.Unknown)
	}
	return scene
}

// change breaks what the portal serves, and mends it.
func (w *world) change(change, mend func(p *portal)) func(*testing.T, func()) {
	return func(t *testing.T, mended func()) {
		w.portal.set(change)
		t.Cleanup(func() {
			w.portal.set(mend)
			mended()
		})
	}
}

// anew is change for what Prometheus remembers: a rate goes on after the cause
// has ended, so that each state has a Prometheus of its own.
func (w *world) anew(change, mend func(p *portal)) func(*testing.T, func()) {
	return func(t *testing.T, _ func()) {
		w.portal.set(change)
		w.forget()
		t.Cleanup(func() {
			w.portal.set(mend)
			w.start()
		})
	}
}

func (w *world) brokenConfiguration(t *testing.T, mended func()) {
	require.Error(t, w.prometheus.SetRules("broken", "groups: {"))
	t.Cleanup(func() {
		w.prometheus.RemoveRules("broken")
		mended()
	})
}

func (w *world) rules(text string) func(*testing.T, func()) {
	return func(t *testing.T, mended func()) {
		require.NoError(t, w.prometheus.SetRules("more", text))
		t.Cleanup(func() {
			w.prometheus.RemoveRules("more")
			mended()
		})
	}
}

// renamed takes an alert away by giving it another name.
func (w *world) renamed(alert string) func(*testing.T, func()) {
	return func(t *testing.T, mended func()) {
		require.NoError(t, w.prometheus.SetRules("portal", strings.ReplaceAll(healthyRules, "alert: "+alert, "alert: Other")))
		t.Cleanup(func() {
			require.NoError(t, w.prometheus.SetRules("portal", healthyRules))
			mended()
		})
	}
}

func (w *world) unscraped(job string) func(*testing.T, func()) {
	return func(t *testing.T, mended func()) {
		var left []metrics.Scrape
		for _, s := range w.scrapes() {
			if s.Job != job {
				left = append(left, s)
			}
		}
		w.prometheus.SetScrapes(left...)
		t.Cleanup(func() {
			w.prometheus.SetScrapes(w.scrapes()...)
			mended()
		})
	}
}

func (w *world) unconnected(t *testing.T, mended func()) {
	w.prometheus.SetAlertmanager("")
	t.Cleanup(func() {
		w.prometheus.SetAlertmanager(w.alertmanager.Address)
		mended()
	})
}

// routed sends what went to a receiver to nobody.
func (w *world) routed(receiver string) func(*testing.T, func()) {
	return func(t *testing.T, mended func()) {
		require.NoError(t, w.alertmanager.SetConfig(strings.ReplaceAll(w.routes(), "{receiver: "+receiver, "{receiver: nobody")))
		t.Cleanup(func() {
			require.NoError(w.t, w.alertmanager.SetConfig(w.routes()))
			mended()
		})
	}
}

// silenced silences every critical alert.
func (w *world) silenced(t *testing.T, mended func()) {
	text, err := json.Marshal(map[string]any{
		"matchers": []any{map[string]any{"name": "severity", "value": "critical", "isRegex": false, "isEqual": true}},
		"startsAt": time.Now().UTC(), "endsAt": time.Now().Add(time.Hour).UTC(), "createdBy": "somebody", "comment": "too loud",
	})
	require.NoError(t, err)
	var made struct {
		ID string `json:"silenceID"`
	}
	require.NoError(t, json.Unmarshal(w.call(http.MethodPost, "/silences", text), &made))
	t.Cleanup(func() {
		w.call(http.MethodDelete, "/silence/"+made.ID, nil)
		mended()
	})
}

func (w *world) call(method, path string, body []byte) []byte {
	request, err := http.NewRequest(method, w.alertmanager.URL+"/api/v2"+path, bytes.NewReader(body))
	require.NoError(w.t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	require.Equal(w.t, http.StatusOK, response.StatusCode, string(text))
	return text
}

package operations_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/operations"
	"gatehouse/report/readiness"
)

// row is one judging on values.
type row struct {
	checker, name string
	facts         evidence.Facts
	want          readiness.Verdict
	found         string
}

func play(t *testing.T, now time.Time, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.checker+"/"+strings.ReplaceAll(r.name, " ", "-"), func(t *testing.T) {
			j := checkstest.Over(t, operations.Checkers(), r.checker, judge.Environment{Now: now}, figures, r.facts)
			require.Equal(t, r.want, j.Verdict, "%s %s", j.Found, j.Reasons)
			require.Contains(t, j.Found+strings.Join(j.Reasons, " "), r.found)
		})
	}
}

func fix[T any](q evidence.Query[T], value T, problems ...evidence.Problem) evidence.Facts {
	f := evidence.Facts{}
	evidence.Fix(f, q, value, problems...)
	return f
}

func facts(parts ...evidence.Facts) evidence.Facts {
	all := evidence.Facts{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

func TestNoTwoCheckersShareAnID(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range operations.Checkers() {
		require.False(t, seen[k.ID], k.ID)
		require.NotEmpty(t, k.Needs, k.ID)
		require.NotEmpty(t, k.Expected, k.ID)
		seen[k.ID] = true
	}
}

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func TestPrometheusEdges(t *testing.T) {
	server := func(change func(s *evidence.PrometheusServer)) evidence.Facts {
		s := evidence.PrometheusServer{Version: "2.42.0", Reloaded: true, Retention: "15d"}
		change(&s)
		return fix(evidence.PrometheusServers, s)
	}
	target := func(job, health string, age time.Duration) evidence.PrometheusTarget {
		return evidence.PrometheusTarget{Job: job, Instance: "i", Health: health, LastScrape: now.Add(-age)}
	}
	partial := evidence.Problem{Kind: evidence.TimedOut, Message: "half of it"}
	both := []evidence.PrometheusTarget{target("portal-frontend", "up", 0), target("backstage-backend", "up", 0)}
	play(t, now, []row{
		{"prometheus-healthy", "keeps just enough", server(func(s *evidence.PrometheusServer) { s.Retention = "7d or 40GiB" }), "PASS", "7d"},
		{"prometheus-healthy", "keeps too little", server(func(s *evidence.PrometheusServer) { s.Retention = "6d" }), "FAIL", "keeps samples for 6d"},
		{"prometheus-healthy", "keeps by size", server(func(s *evidence.PrometheusServer) { s.Retention = "40GiB" }), "UNKNOWN", "by size"},
		{"prometheus-healthy", "damaged", server(func(s *evidence.PrometheusServer) { s.Corruptions = 2 }), "FAIL", "2 damaged places"},
		{
			"prometheus-healthy", "half of the evidence is no failure",
			fix(evidence.PrometheusServers, evidence.PrometheusServer{Version: "2.42.0"}, partial), "UNKNOWN", "half of it",
		},
		{"prometheus-targets-up", "no targets", fix(evidence.PrometheusTargets, []evidence.PrometheusTarget{}), "UNKNOWN", "nothing to look at"},
		{"prometheus-targets-up", "just found", fix(evidence.PrometheusTargets, []evidence.PrometheusTarget{target("a", "unknown", 0)}), "UNKNOWN", "not been scraped yet"},
		{"prometheus-targets-up", "stuck", fix(evidence.PrometheusTargets, []evidence.PrometheusTarget{target("a", "up", time.Hour)}), "FAIL", "last 1h0m0s ago"},
		{"portal-targets-up", "both", fix(evidence.PrometheusTargets, both), "PASS", "portal-frontend: 1 up"},
		{"portal-targets-up", "absent of half a list", fix(evidence.PrometheusTargets, both[:1], partial), "UNKNOWN", "half of it"},
		{"grafana-up", "not watched", fix(evidence.PrometheusTargets, both), "UNKNOWN", "no target of Grafana"},
		{"postgres-exporter-up", "no series", fix(evidence.PrometheusPostgresUp, []evidence.PrometheusSample{}), "FAIL", "no series pg_up"},
		{"postgres-exporter-up", "could not be asked", fix(evidence.PrometheusPostgresUp, nil, partial), "UNKNOWN", "half of it"},
		{
			"postgres-exporter-up", "one of two", fix(evidence.PrometheusPostgresUp,
				[]evidence.PrometheusSample{{Labels: map[string]string{"instance": "a"}, Value: 1}, {Labels: map[string]string{"instance": "b"}, Value: 0}}), "FAIL", "b: the exporter",
		},
	})
}

func TestRuleEdges(t *testing.T) {
	rule := func(name, health, severity string, age time.Duration) evidence.PrometheusRule {
		return evidence.PrometheusRule{
			Group: "g", Name: name, Alerting: true, Health: health, LastEvaluation: now.Add(-age), Interval: 30,
			Labels: map[string]string{"severity": severity},
		}
	}
	rules := func(all ...evidence.PrometheusRule) evidence.Facts { return fix(evidence.PrometheusRules, all) }
	alerts := func(all ...evidence.PrometheusAlert) evidence.Facts { return fix(evidence.PrometheusAlerts, all) }
	slow := rule("Weekly", "ok", "info", 9*time.Minute)
	slow.Interval = 300
	recording := rule("Watchdog", "ok", "", 0)
	recording.Alerting = false
	play(t, now, []row{
		{"alert-rules-healthy", "none", rules(), "UNKNOWN", "nothing to look at"},
		{"alert-rules-healthy", "not yet", rules(rule("a", "unknown", "info", 0)), "UNKNOWN", "not been evaluated yet"},
		{"alert-rules-healthy", "stuck", rules(rule("a", "ok", "info", time.Hour)), "FAIL", "last 1h0m0s ago"},
		{"alert-rules-healthy", "a long interval", rules(slow), "PASS", "all 1 rules"},
		{"alert-rules-present", "another name", rules(rule("FrontendDown", "ok", "critical", 0), rule("Watchdog", "ok", "info", 0)), "PASS", ""},
		{"alert-rules-present", "a recording is no alert", rules(rule("PortalDown", "ok", "critical", 0), recording), "FAIL", "alert Watchdog: no such rule"},
		{"alert-rules-present", "there and broken", rules(rule("PortalDown", "err", "critical", 0), rule("Watchdog", "ok", "info", 0)), "FAIL", "cannot be evaluated"},
		{"critical-alerts-quiet", "nobody watches", facts(rules(rule("a", "ok", "info", 0)), alerts()), "UNKNOWN", "nothing to look at"},
		{"critical-alerts-quiet", "the watcher is broken", facts(rules(rule("a", "err", "critical", 0)), alerts()), "UNKNOWN", "its silence proves nothing"},
		{
			"critical-alerts-quiet", "pending is not firing", facts(rules(rule("a", "ok", "critical", 0)),
				alerts(evidence.PrometheusAlert{Name: "a", State: "pending", Labels: map[string]string{"severity": "critical"}})), "PASS", "none fires",
		},
	})
}

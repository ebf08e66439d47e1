package operations_test

import (
	"testing"
	"time"

	"gatehouse/checks/evidence"
)

func TestRoutingEdges(t *testing.T) {
	equal := func(name, value string) evidence.AlertmanagerMatcher {
		return evidence.AlertmanagerMatcher{Name: name, Value: value, Equal: true}
	}
	told := evidence.AlertmanagerReceiver{Name: "people", Integrations: []string{"slack"}}
	mute := evidence.AlertmanagerReceiver{Name: "nobody", Integrations: []string{}}
	routing := func(root string, routes ...evidence.AlertmanagerRoute) evidence.Facts {
		return fix(evidence.AlertmanagerRoutes, evidence.AlertmanagerRouting{
			Root: evidence.AlertmanagerRoute{Receiver: root, Routes: routes}, Receivers: []evidence.AlertmanagerReceiver{told, mute},
		})
	}
	rules := func(all ...evidence.PrometheusRule) evidence.Facts { return fix(evidence.PrometheusRules, all) }
	toMute := evidence.AlertmanagerRoute{Receiver: "nobody", Matchers: []evidence.AlertmanagerMatcher{equal("severity", "critical")}}
	goingOn := toMute
	goingOn.Continue = true
	toPeople := evidence.AlertmanagerRoute{Receiver: "people", Matchers: []evidence.AlertmanagerMatcher{equal("severity", "critical")}}
	ofSecurity := evidence.AlertmanagerRoute{Receiver: "nobody", Matchers: []evidence.AlertmanagerMatcher{{Name: "team", Value: "sec.*", Regex: true, Equal: true}}}
	// Expressions are over the whole value: this one is not critical's.
	ofPart := evidence.AlertmanagerRoute{Receiver: "nobody", Matchers: []evidence.AlertmanagerMatcher{{Name: "severity", Value: "crit", Regex: true, Equal: true}}}
	const id = "alert-routes-reach-people"
	play(t, now, []row{
		{id, "the root tells", facts(routing("people"), rules()), "PASS", "critical goes to slack"},
		{id, "the root tells nobody", facts(routing("nobody"), rules()), "FAIL", "severity critical: goes to nobody"},
		{id, "the first route wins", facts(routing("people", toMute, toPeople), rules()), "FAIL", "severity critical"},
		{id, "a route that continues", facts(routing("people", goingOn, toPeople), rules()), "PASS", ""},
		{id, "a part of a value", facts(routing("people", ofPart), rules()), "PASS", ""},
		{id, "an undefined receiver", facts(routing("gone"), rules()), "FAIL", "goes to gone"},
		{
			id, "a rule's own label leads astray", facts(routing("people", ofSecurity), rules(evidence.PrometheusRule{
				Name: "CertificateExpiring", Alerting: true, Labels: map[string]string{"severity": "critical", "team": "security"},
			})), "FAIL", "alert CertificateExpiring: goes to nobody",
		},
		{
			id, "information needs nobody", facts(routing("people", ofSecurity), rules(evidence.PrometheusRule{
				Name: "a", Alerting: true, Labels: map[string]string{"severity": "info", "team": "security"},
			})), "PASS", "",
		},
	})
}

func TestWatchdogEdges(t *testing.T) {
	alert := func(state string, age time.Duration) evidence.AlertmanagerAlert {
		return evidence.AlertmanagerAlert{
			Labels: map[string]string{"alertname": "Watchdog"}, State: state, Updated: now.Add(-age), Receivers: []string{"heartbeat"},
		}
	}
	heard := func(all ...evidence.AlertmanagerAlert) evidence.Facts { return fix(evidence.AlertmanagerAlerts, all) }
	fires := fix(evidence.PrometheusAlerts, []evidence.PrometheusAlert{{Name: "Watchdog", State: "firing"}})
	sends := fix(evidence.PrometheusNotifying, evidence.PrometheusNotified{Hosts: []string{"a:9093"}})
	routing := fix(evidence.AlertmanagerRoutes, evidence.AlertmanagerRouting{
		Receivers: []evidence.AlertmanagerReceiver{{Name: "heartbeat", Integrations: []string{"webhook"}}},
	})
	denied := evidence.Problem{Kind: evidence.Denied, Message: "no"}
	play(t, now, []row{
		{"alerts-reach-alertmanager", "all is well", facts(sends, fires, heard(alert("active", time.Minute))), "PASS", "Watchdog arrives"},
		{"alerts-reach-alertmanager", "another Alertmanager", facts(sends, fires, heard()), "FAIL", "alerts do not arrive"},
		{"alerts-reach-alertmanager", "an old one", facts(sends, fires, heard(alert("active", time.Hour))), "FAIL", "last 1h0m0s ago"},
		{
			"alerts-reach-alertmanager", "no Watchdog", facts(sends, fix(evidence.PrometheusAlerts, []evidence.PrometheusAlert{}), heard(alert("active", 0))),
			"FAIL", "does not fire in Prometheus",
		},
		{"alerts-reach-alertmanager", "half can be read", facts(sends, fires, fix(evidence.AlertmanagerAlerts, nil, denied)), "UNKNOWN", "denied"},
		{"dead-mans-switch", "told", facts(routing, heard(alert("active", 0))), "PASS", "heartbeat (webhook)"},
		{"dead-mans-switch", "silenced", facts(routing, heard(alert("suppressed", 0))), "FAIL", "is silenced or inhibited"},
		{"dead-mans-switch", "not there", facts(routing, heard()), "FAIL", "does not have it"},
	})
}

func TestSilenceEdges(t *testing.T) {
	silence := func(left time.Duration, matchers ...evidence.AlertmanagerMatcher) evidence.Facts {
		return fix(evidence.AlertmanagerSilences, []evidence.AlertmanagerSilence{{ID: "s", State: "active", Ends: now.Add(left), Matchers: matchers}})
	}
	m := func(name, value string, regex, equal bool) evidence.AlertmanagerMatcher {
		return evidence.AlertmanagerMatcher{Name: name, Value: value, Regex: regex, Equal: equal}
	}
	const id = "alert-silences-narrow"
	play(t, now, []row{
		{id, "none", fix(evidence.AlertmanagerSilences, []evidence.AlertmanagerSilence{}), "PASS", "0 silences"},
		{id, "one alert", silence(time.Hour, m("alertname", "NodeNotReady", false, true)), "PASS", "1 silences"},
		{id, "any alert", silence(time.Hour, m("alertname", ".+", true, true)), "FAIL", `alertname=~".+"`},
		{id, "all but one", silence(time.Hour, m("alertname", "Watchdog", false, false)), "FAIL", `alertname!="Watchdog"`},
		{id, "all that is not like", silence(time.Hour, m("alertname", "zz.*", true, false)), "FAIL", `alertname!~"zz.*"`},
		{id, "a whole namespace", silence(time.Hour, m("namespace", "developer-portal", false, true)), "FAIL", "silences everything"},
		{id, "for good", silence(24*365*time.Hour, m("alertname", "NodeNotReady", false, true)), "FAIL", "ends only at"},
	})
}

func TestTrafficEdges(t *testing.T) {
	of := func(label string, values map[string]float64) []evidence.PrometheusSample {
		samples := []evidence.PrometheusSample{}
		for name, value := range values {
			samples = append(samples, evidence.PrometheusSample{Labels: map[string]string{label: name}, Value: value})
		}
		return samples
	}
	type figures = map[string]float64
	load := func(requests, errors, latency figures) evidence.Facts {
		return facts(fix(evidence.PrometheusRequests, of("service", requests)), fix(evidence.PrometheusErrors, of("service", errors)),
			fix(evidence.PrometheusLatency, of("service", latency)))
	}
	sent := func(tried, failed figures) evidence.Facts {
		return facts(fix(evidence.PrometheusSent, of("integration", tried)), fix(evidence.PrometheusUnsent, of("integration", failed)))
	}
	play(t, now, []row{
		{"error-ratio-low", "never failed", load(figures{"api": 5}, nil, nil), "PASS", "api: 0.00 %"},
		{"error-ratio-low", "at the limit", load(figures{"api": 5}, figures{"api": 0.05}, nil), "PASS", "api: 1.00 %"},
		{"error-ratio-low", "nobody is there", load(figures{"api": 0.05}, figures{"api": 0.05}, nil), "UNKNOWN", "run the load test"},
		{"error-ratio-low", "one of two", load(figures{"api": 5, "web": 5}, figures{"web": 1}, nil), "FAIL", "service web: 20.00 %"},
		{"latency-low", "fast", load(figures{"api": 5}, nil, figures{"api": 0.2}), "PASS", "api: 0.2 s"},
		{"latency-low", "slow", load(figures{"api": 5}, nil, figures{"api": 3}), "FAIL", "the 95th percentile is 3 s"},
		{"latency-low", "no histogram", load(figures{"api": 5}, nil, nil), "UNKNOWN", "run the load test"},
		{"alert-notifications-delivered", "some failed", sent(figures{"slack": 20}, figures{"slack": 1}), "PASS", "20 sent by slack"},
		{"alert-notifications-delivered", "all failed", sent(figures{"slack": 3}, figures{"slack": 3}), "FAIL", "3 of 3 failed"},
		{"alert-notifications-delivered", "nothing was sent", sent(figures{"slack": 0}, figures{"slack": 0}), "UNKNOWN", "sent nothing"},
		{"logs-delivered", "none", facts(fix(evidence.PrometheusLogs, nil), fix(evidence.PrometheusLogsLost, nil)), "UNKNOWN", "no series of Fluent Bit"},
		{"logs-delivered", "idle", facts(fix(evidence.PrometheusLogs, of("name", figures{"s3": 0})), fix(evidence.PrometheusLogsLost, nil)), "UNKNOWN", "nothing to deliver"},
	})
}

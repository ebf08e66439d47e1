package operations

import (
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// alertsReachAlertmanager: thresholds watchdog, maxAlertAge.
var alertsReachAlertmanager = judge.Checker{
	ID:       "alerts-reach-alertmanager",
	Expected: "Prometheus sends its alerts to an Alertmanager, and they arrive",
	Needs: []evidence.Name{
		evidence.PrometheusNotifying.Name(), evidence.PrometheusAlerts.Name(), evidence.AlertmanagerAlerts.Name(),
	},
	Judge: func(c *judge.Case) {
		watchdog, oldest := c.Text("watchdog"), c.Duration("maxAlertAge")
		c.Expect("the alert %s always fires in Prometheus, and Alertmanager heard of it within %s", watchdog, oldest)
		if notifying, all := judge.Whole(c, evidence.PrometheusNotifying); all {
			c.Require(len(notifying.Hosts) > 0, "Prometheus", "knows no Alertmanager to send alerts to")
			c.Note("Prometheus sends to %s", strings.Join(notifying.Hosts, ", "))
		}
		if alerts, all := judge.Whole(c, evidence.PrometheusAlerts); all {
			fires := slices.ContainsFunc(alerts, func(a evidence.PrometheusAlert) bool {
				return a.Name == watchdog && a.State == "firing"
			})
			c.Require(fires, "alert "+watchdog, "does not fire in Prometheus, so that its silence can warn nobody")
		}
		alerts, all := judge.Whole(c, evidence.AlertmanagerAlerts)
		if !all {
			return
		}
		var last time.Time
		for _, a := range alerts {
			if a.Labels["alertname"] == watchdog && a.Updated.After(last) {
				last = a.Updated
			}
		}
		switch age := c.Now.Sub(last); {
		case last.IsZero():
			c.FailWith("Alertmanager", "compare Prometheus's alerting configuration with this Alertmanager", "has no alert %s: alerts do not arrive", watchdog)
		default:
			c.Require(age <= oldest, "Alertmanager", "heard of %s last %s ago", watchdog, age.Round(time.Second))
		}
		c.Note("%s arrives", watchdog)
	},
}

// alertRoutesReachPeople: thresholds severities.
var alertRoutesReachPeople = judge.Checker{
	ID:       "alert-routes-reach-people",
	Expected: "Alerts of every severity that matters go to a receiver that tells somebody",
	Needs:    []evidence.Name{evidence.AlertmanagerRoutes.Name(), evidence.PrometheusRules.Name()},
	Judge: func(c *judge.Case) {
		severities := c.Texts("severities")
		c.Expect("alerts of the severities %s, and each such rule that is loaded, go to a receiver that tells somebody",
			strings.Join(severities, ", "))
		routing, all := judge.Whole(c, evidence.AlertmanagerRoutes)
		if !all { // half a tree sends alerts elsewhere
			return
		}
		tell := func(what string, labels map[string]string) []string {
			told := receivers(routing.Root, labels)
			kinds := integrations(routing, told)
			if len(kinds) > 0 {
				c.Saw()
			} else {
				c.FailWith(what, "give the receiver an integration such as slack_configs or pagerduty_configs",
					"goes to %s, which tells nobody", strings.Join(told, ", "))
			}
			return kinds
		}
		for _, severity := range severities {
			kinds := tell("severity "+severity, map[string]string{"alertname": "AnyOther", "severity": severity})
			c.Note("%s goes to %s", severity, strings.Join(kinds, " and "))
		}
		// A rule's own labels may lead it another way. What its series add to
		// them is not known here, and counts as absent.
		for _, r := range judge.Read(c, evidence.PrometheusRules) {
			if r.Alerting && slices.Contains(severities, r.Labels["severity"]) {
				labels := map[string]string{"alertname": r.Name}
				maps.Copy(labels, r.Labels)
				tell("alert "+r.Name, labels)
			}
		}
	},
}

// deadMansSwitch: thresholds watchdog.
var deadMansSwitch = judge.Checker{
	ID:       "dead-mans-switch",
	Expected: "Somebody outside is told that alerting works, and notices when it ceases",
	Needs:    []evidence.Name{evidence.AlertmanagerRoutes.Name(), evidence.AlertmanagerAlerts.Name()},
	Judge: func(c *judge.Case) {
		watchdog := c.Text("watchdog")
		c.Expect("the alert %s is sent to a receiver outside, which notices when it ceases", watchdog)
		routing, known := judge.Whole(c, evidence.AlertmanagerRoutes)
		alerts, heard := judge.Whole(c, evidence.AlertmanagerAlerts)
		if !known || !heard {
			return
		}
		const remedy = "route it to a service such as a heartbeat of PagerDuty or of healthchecks.io, and repeat it every few minutes"
		found := false
		for _, a := range alerts {
			if a.Labels["alertname"] != watchdog {
				continue
			}
			found = true
			kinds := integrations(routing, a.Receivers)
			switch {
			case a.State == "suppressed":
				c.Fail("alert "+watchdog, "is silenced or inhibited")
			case len(kinds) == 0:
				c.FailWith("alert "+watchdog, remedy, "goes to %s, which tells nobody", strings.Join(a.Receivers, ", "))
			default:
				c.Saw()
				c.Note("%s goes to %s (%s)", watchdog, strings.Join(a.Receivers, ", "), strings.Join(kinds, ", "))
			}
		}
		if !found {
			c.FailWith("alert "+watchdog, remedy, "Alertmanager does not have it")
		}
	},
}

// notificationsDelivered: thresholds maxUndelivered, a share.
var notificationsDelivered = judge.Checker{
	ID:       "alert-notifications-delivered",
	Expected: "What Alertmanager sends arrives",
	Needs:    []evidence.Name{evidence.PrometheusSent.Name(), evidence.PrometheusUnsent.Name()},
	Judge: func(c *judge.Case) {
		most := c.Number("maxUndelivered")
		c.Expect("of what Alertmanager sent within an hour, %g %% or less failed by each way", 100*most)
		failed := byLabel(judge.Read(c, evidence.PrometheusUnsent), "integration")
		sentAny := false
		for way, sent := range byLabel(judge.Read(c, evidence.PrometheusSent), "integration") {
			// increase() extrapolates: less than one is none.
			if sent < 1 && failed[way] < 1 {
				continue
			}
			sentAny = true
			share := failed[way] / max(sent, failed[way])
			c.Require(share <= most, "notifications by "+way, "%.0f of %.0f failed within an hour", failed[way], sent)
			c.Note("%.0f sent by %s", sent, way)
		}
		if !sentAny {
			c.Unknown("Alertmanager sent nothing within an hour, or Prometheus does not scrape it: whether it could cannot be told")
		}
	},
}

func byLabel(samples []evidence.PrometheusSample, label string) map[string]float64 {
	values := map[string]float64{}
	for _, s := range samples {
		values[s.Labels[label]] += s.Value
	}
	return values
}

package operations

import (
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// alertRulesHealthy: thresholds maxRuleAge.
var alertRulesHealthy = judge.Checker{
	ID:       "alert-rules-healthy",
	Expected: "Every rule of Prometheus is evaluated without errors, and was lately",
	Needs:    []evidence.Name{evidence.PrometheusRules.Name()},
	Judge: func(c *judge.Case) {
		oldest := c.Duration("maxRuleAge")
		c.Expect("every rule of Prometheus is evaluated without errors, and was within %s or two of its intervals", oldest)
		rules := judge.Read(c, evidence.PrometheusRules)
		for _, r := range rules {
			evaluated(c, r, oldest)
		}
		c.Note("all %d rules are evaluated", len(rules))
	},
}

func evaluated(c *judge.Case, r evidence.PrometheusRule, oldest time.Duration) {
	where := "rule " + r.Group + "/" + r.Name
	limit := max(oldest, 2*time.Duration(r.Interval*float64(time.Second)))
	age := c.Now.Sub(r.LastEvaluation)
	switch {
	case r.Health == "unknown" || r.LastEvaluation.IsZero():
		c.Unknown("%s has not been evaluated yet; ask again in a minute", where)
	case r.Health != "ok":
		c.Fail(where, "cannot be evaluated: %s", r.LastError)
	default:
		c.Require(age <= limit, where, "was evaluated last %s ago", age.Round(time.Second))
	}
}

// alertRulesPresent serves every item that wants alerts about something:
// thresholds alerts, each a name, or several of which one will do, parted by |.
var alertRulesPresent = judge.Checker{
	ID:       "alert-rules-present",
	Expected: "Prometheus has the alerts that must be there, and can evaluate them",
	Needs:    []evidence.Name{evidence.PrometheusRules.Name()},
	Judge: func(c *judge.Case) {
		wanted := c.Texts("alerts")
		c.Expect("Prometheus has the alerts %s, and can evaluate them", strings.Join(wanted, ", "))
		rules, all := judge.Whole(c, evidence.PrometheusRules)
		if !all {
			return
		}
		for _, want := range wanted {
			found := named(rules, anyOf(want))
			if len(found) == 0 {
				c.FailWith("alert "+want, "load the rules, and see that Prometheus selects their PrometheusRule", "no such rule is loaded")
			}
			for _, r := range found {
				c.Require(r.Health != "err", "alert "+r.Name, "cannot be evaluated: %s", r.LastError)
			}
		}
		c.Note("%s: all loaded", strings.Join(wanted, ", "))
	},
}

// criticalAlertsQuiet: thresholds severity, tolerated (names of alerts that may
// fire).
var criticalAlertsQuiet = judge.Checker{
	ID:       "critical-alerts-quiet",
	Expected: "No critical alert fires",
	Needs:    []evidence.Name{evidence.PrometheusRules.Name(), evidence.PrometheusAlerts.Name()},
	Judge: func(c *judge.Case) {
		severity, tolerated := c.Text("severity"), c.Texts("tolerated")
		c.Expect("no alert of severity %s fires", severity)
		// Silence proves something only where a rule could have spoken.
		watching := 0
		for _, r := range judge.Read(c, evidence.PrometheusRules) {
			switch {
			case !r.Alerting || r.Labels["severity"] != severity:
			case r.Health == "ok":
				c.Saw()
				watching++
			default:
				c.Unknown("the rule %s/%s is not evaluated (%s), so that its silence proves nothing", r.Group, r.Name, r.Health)
			}
		}
		for _, a := range judge.Read(c, evidence.PrometheusAlerts) {
			if a.State != "firing" || a.Labels["severity"] != severity || slices.Contains(tolerated, a.Name) {
				continue
			}
			c.Fail("alert "+a.Name+about(a.Labels), "has fired since %s", a.Since.UTC().Format(time.RFC3339))
		}
		c.Note("%d rules of severity %s watch, and none fires", watching, severity)
	},
}

// about says what an alert is about, as far as its labels tell.
func about(labels map[string]string) string {
	for _, name := range []string{"instance", "pod", "service", "job"} {
		if labels[name] != "" {
			return " of " + labels[name]
		}
	}
	return ""
}

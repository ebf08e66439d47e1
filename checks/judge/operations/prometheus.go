package operations

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// prometheusHealthy: thresholds minRetention.
var prometheusHealthy = judge.Checker{
	ID:       "prometheus-healthy",
	Expected: "Prometheus runs with its newest configuration, undamaged, and keeps what it measures",
	Needs:    []evidence.Name{evidence.PrometheusServers.Name()},
	Judge: func(c *judge.Case) {
		least := c.Duration("minRetention")
		c.Expect("Prometheus runs with its newest configuration, undamaged, and keeps what it measures for %s or longer", days(least))
		server := judge.Read(c, evidence.PrometheusServers)
		if server.Retention == "" { // the half of the evidence that decides is missing
			return
		}
		const where = "Prometheus"
		switch {
		case !server.Reloaded:
			c.FailWith(where, "look at its log and at promtool check config", "refuses its configuration and runs with an older one")
		case server.Corruptions > 0:
			c.FailWith(where, "look at its volume", "has found %d damaged places in its write-ahead log", server.Corruptions)
		default:
			c.Saw()
		}
		text, _, _ := strings.Cut(server.Retention, " or ")
		kept, err := model.ParseDuration(text)
		if err != nil {
			c.Unknown("Prometheus keeps samples by size (%s): how long that is cannot be told; set --storage.tsdb.retention.time", server.Retention)
			return
		}
		c.Require(time.Duration(kept) >= least, where, "keeps samples for %s", server.Retention)
		c.Note("Prometheus %s keeps samples for %s", server.Version, server.Retention)
	},
}

// prometheusTargetsUp is the readiness guide's "Monitoring Validation": no
// target whose health is not up. Thresholds maxScrapeAge.
var prometheusTargetsUp = judge.Checker{
	ID:       "prometheus-targets-up",
	Expected: "Prometheus reaches every one of its targets",
	Needs:    []evidence.Name{evidence.PrometheusTargets.Name()},
	Judge: func(c *judge.Case) {
		oldest := c.Duration("maxScrapeAge")
		c.Expect("Prometheus reaches every one of its targets, and did within %s", oldest)
		targets := judge.Read(c, evidence.PrometheusTargets)
		for _, t := range targets {
			scraped(c, t, oldest)
		}
		c.Note("all %d targets answer Prometheus", len(targets))
	},
}

// portalTargetsUp: thresholds jobs, maxScrapeAge.
var portalTargetsUp = judge.Checker{
	ID:       "portal-targets-up",
	Expected: "Prometheus finds the portal's own services and reaches every instance",
	Needs:    []evidence.Name{evidence.PrometheusTargets.Name()},
	Judge: func(c *judge.Case) {
		jobs, oldest := c.Texts("jobs"), c.Duration("maxScrapeAge")
		c.Expect("Prometheus finds the jobs %s and reached every instance within %s", strings.Join(jobs, ", "), oldest)
		targets, all := judge.Whole(c, evidence.PrometheusTargets)
		if !all {
			return
		}
		for _, job := range jobs {
			found := 0
			for _, t := range targets {
				if slices.Contains(anyOf(job), t.Job) {
					found++
					scraped(c, t, oldest)
				}
			}
			if found == 0 {
				c.FailWith("job "+job, "add a ServiceMonitor that selects its Service", "Prometheus has no such target: nobody measures it")
				continue
			}
			c.Note("%s: %d up", job, found)
		}
	},
}

// scraped judges one target.
func scraped(c *judge.Case, t evidence.PrometheusTarget, oldest time.Duration) {
	where := "target " + t.Job + " " + t.Instance
	age := c.Now.Sub(t.LastScrape)
	switch {
	case t.Health == "unknown":
		c.Unknown("%s has not been scraped yet; ask again in a minute", where)
	case t.Health != "up":
		c.Fail(where, "is %s: %s", t.Health, t.LastError)
	default:
		c.Require(age <= oldest, where, "was scraped last %s ago", age.Round(time.Second))
	}
}

// grafanaUp: thresholds grafanaJob, a part of the job's name.
var grafanaUp = judge.Checker{
	ID:       "grafana-up",
	Expected: "Grafana runs and answers Prometheus",
	Needs:    []evidence.Name{evidence.PrometheusTargets.Name()},
	Judge: func(c *judge.Case) {
		found := false
		for _, t := range judge.Read(c, evidence.PrometheusTargets) {
			if !strings.Contains(t.Job, c.Text("grafanaJob")) {
				continue
			}
			found = true
			c.Require(t.Health == "up", "target "+t.Job+" "+t.Instance, "is %s: %s", t.Health, t.LastError)
		}
		if !found {
			// Prometheus need not watch it for it to run.
			c.Unknown("Prometheus has no target of Grafana, so that nobody can tell whether it runs; add its ServiceMonitor")
		}
		c.Note("Grafana answers Prometheus")
	},
}

func days(d time.Duration) string { return model.Duration(d).String() }

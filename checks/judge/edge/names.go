package edge

import (
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// records serves INFRA-3 and NET-2: a name that leads elsewhere passes the edge
// by.
var records = judge.Checker{
	ID:       "dns-leads-to-edge",
	Expected: "every name of the distribution leads to it in the hosted zone, and nowhere else",
	Needs:    needs(evidence.AWSDistribution.Name(), evidence.AWSRecords.Name()),
	Judge: func(c *judge.Case) {
		d := judge.Read(c, evidence.AWSDistribution)
		list, all := judge.Whole(c, evidence.AWSRecords)
		if d.ID == "" || !all {
			return // a record may be in what is missing
		}
		for _, name := range d.Aliases {
			leads, astray := false, ""
			for _, r := range list {
				if !strings.EqualFold(r.Name, name) || r.Type == "CAA" {
					continue
				}
				to := r.Values
				if r.Alias != "" {
					to = []string{r.Alias}
				}
				if slices.ContainsFunc(to, func(each string) bool {
					return strings.EqualFold(strings.TrimSuffix(each, "."), d.Domain)
				}) {
					leads = true
				} else {
					astray = r.Type + " " + strings.Join(to, " ")
				}
			}
			switch {
			case astray != "":
				c.Fail("record "+name, "leads to %s, not to the distribution %s", astray, d.Domain)
			case !leads:
				c.FailWith("record "+name, "add an alias record A (and AAAA) to the distribution", "is not in the hosted zone")
			default:
				c.Saw()
			}
		}
		c.Note("%s lead to %s", strings.Join(d.Aliases, ", "), d.Domain)
	},
}

// watched serves MON-4 and MON-5: somebody outside asks every name, often.
var watched = judge.Checker{
	ID:       "uptime-checks",
	Expected: "a Route 53 health check asks every name of the portal over HTTPS",
	Needs:    needs(evidence.AWSDistribution.Name(), evidence.AWSUptimeChecks.Name()),
	Judge: func(c *judge.Case) {
		interval := c.Int("uptimeIntervalSeconds")
		c.Expect("an enabled Route 53 health check asks every name of the portal over HTTPS, every %d seconds or oftener", interval)
		d := judge.Read(c, evidence.AWSDistribution)
		checks, all := judge.Whole(c, evidence.AWSUptimeChecks)
		if !all {
			return // the check of a name may be in what is missing
		}
		for _, name := range d.Aliases {
			fault := "no health check asks it"
			for _, check := range checks {
				if check.Host != name {
					continue
				}
				if fault = unfit(check, interval); fault == "" {
					break
				}
				fault = "the health check " + check.ID + " " + fault
			}
			c.Require(fault == "", "name "+name, "%s", fault)
		}
		c.Note("%s are asked from outside", strings.Join(d.Aliases, ", "))
	},
}

func unfit(check evidence.UptimeCheck, interval int) string {
	switch {
	case check.Disabled:
		return "is disabled, and says healthy whatever happens"
	case check.Inverted:
		return "is inverted: it says healthy when the portal is down"
	case !strings.HasPrefix(check.Type, "HTTPS"):
		return "asks by " + check.Type + ", not by HTTPS"
	case int(check.Interval) > interval:
		return "asks too seldom"
	default:
		return ""
	}
}

// reachable serves MON-5 and PROC-5. Route 53 itself calls an endpoint healthy
// from 18 % of its places on; here most must agree, and lately.
var reachable = judge.Checker{
	ID:       "uptime-healthy",
	Expected: "Route 53's health checkers reach the portal",
	Needs:    needs(evidence.AWSUptimeChecks.Name()),
	Judge: func(c *judge.Case) {
		share, age := c.Number("uptimeHealthyShare"), c.Duration("uptimeReportAge")
		c.Expect("%.0f %% or more of Route 53's health checkers reached each name of the portal in the last %s", share*100, age)
		for _, check := range judge.Read(c, evidence.AWSUptimeChecks) {
			if check.Disabled || check.Inverted {
				continue // says nothing; the check of the checks fails
			}
			fresh, healthy, last := 0, 0, ""
			for _, report := range check.Reports {
				if report.At.IsZero() || c.Now.Sub(report.At) > age {
					continue
				}
				if fresh++; report.Healthy {
					healthy++
				} else {
					last = report.Region + ": " + report.Status
				}
			}
			where := "health check " + check.ID + " of " + check.Host + check.Path
			switch {
			case fresh == 0:
				c.Unknown("%s has no report of the last %s", where, age)
			case float64(healthy) < share*float64(fresh):
				c.Fail(where, "%d of %d places reach it; %s", healthy, fresh, last)
			default:
				c.Saw()
				c.Note("%s is reached from %d of %d places, at %s", check.Host, healthy, fresh, c.Now.UTC().Format(time.RFC3339))
			}
		}
	},
}

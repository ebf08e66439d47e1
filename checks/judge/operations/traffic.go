package operations

import (
	"maps"
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// errorRatioLow: thresholds maxErrorRatio, minRate (requests a second below
// which a ratio says nothing).
var errorRatioLow = judge.Checker{
	ID:       "error-ratio-low",
	Expected: "The portal's services seldom answer with an error of their own",
	Needs:    []evidence.Name{evidence.PrometheusRequests.Name(), evidence.PrometheusErrors.Name()},
	Judge: func(c *judge.Case) {
		most, least := c.Number("maxErrorRatio"), c.Number("minRate")
		c.Expect("of the requests of 5 minutes, %g %% or less of each service were answered with a 5xx", 100*most)
		requests := byLabel(judge.Read(c, evidence.PrometheusRequests), "service")
		errors := byLabel(judge.Read(c, evidence.PrometheusErrors), "service")
		busy := 0
		for _, service := range slices.Sorted(maps.Keys(requests)) {
			if requests[service] < least {
				continue
			}
			busy++
			ratio := errors[service] / requests[service]
			c.Require(ratio <= most, "service "+service, "%.2f %% of its requests failed", 100*ratio)
			c.Note("%s: %.2f %% of %.1f requests a second", service, 100*ratio, requests[service])
		}
		quiet(c, busy, least)
	},
}

// latencyLow: thresholds maxP95 (seconds), minRate.
var latencyLow = judge.Checker{
	ID:       "latency-low",
	Expected: "The portal's services answer fast",
	Needs:    []evidence.Name{evidence.PrometheusLatency.Name(), evidence.PrometheusRequests.Name()},
	Judge: func(c *judge.Case) {
		most, least := c.Number("maxP95"), c.Number("minRate")
		c.Expect("95 %% of the requests of 5 minutes took %g s or less in each service", most)
		latency := byLabel(judge.Read(c, evidence.PrometheusLatency), "service")
		requests := byLabel(judge.Read(c, evidence.PrometheusRequests), "service")
		busy := 0
		for _, service := range slices.Sorted(maps.Keys(latency)) {
			if requests[service] < least {
				continue
			}
			busy++
			c.Require(latency[service] <= most, "service "+service, "the 95th percentile is %.3g s", latency[service])
			c.Note("%s: %.3g s", service, latency[service])
		}
		quiet(c, busy, least)
	},
}

// quiet says that nobody used the portal: then nothing is proved.
func quiet(c *judge.Case, busy int, least float64) {
	if busy == 0 {
		c.Unknown("no service had %g requests a second or more within 5 minutes; run the load test, and ask while it runs", least)
	}
}

// logsDelivered judges Fluent Bit, which ships the logs of our stacks.
var logsDelivered = judge.Checker{
	ID:       "logs-delivered",
	Expected: "Logs arrive where they are kept, and none is given up",
	Needs:    []evidence.Name{evidence.PrometheusLogs.Name(), evidence.PrometheusLogsLost.Name()},
	Judge: func(c *judge.Case) {
		lost := byLabel(judge.Read(c, evidence.PrometheusLogsLost), "name")
		delivered := byLabel(judge.Read(c, evidence.PrometheusLogs), "name")
		for _, output := range slices.Sorted(maps.Keys(delivered)) {
			switch where := "Fluent Bit, output " + output; {
			case lost[output] >= 1:
				c.Fail(where, "has given up on %.0f records within 15 minutes", lost[output])
			case delivered[output] < 1:
				c.Unknown("%s had nothing to deliver within 15 minutes", where)
			default:
				c.Saw()
				c.Note("%s: %.0f records within 15 minutes", output, delivered[output])
			}
		}
		if len(delivered) == 0 {
			c.Unknown("Prometheus has no series of Fluent Bit (fluentbit_output_proc_records_total): whether logs are shipped cannot be told here")
		}
	},
}

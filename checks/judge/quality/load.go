package quality

import (
	"maps"
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// loadTestPassed: thresholds minVUs, minDuration, maxFailed (a share), maxAge.
// The readiness guide runs k6 with 100 virtual users for 5 minutes. A smaller
// run that failed has failed; one that passed proves nothing about the load.
var loadTestPassed = judge.Checker{
	ID:       "load-test-passed",
	Expected: "A load test of the expected volume met its own thresholds",
	Needs:    []evidence.Name{evidence.ArtefactLoad.Name()},
	Judge: func(c *judge.Case) {
		users, length, failed := c.Int("minVUs"), c.Duration("minDuration"), c.Number("maxFailed")
		c.Expect("a load test of %d virtual users and %s or more met its own thresholds, and at most %g %% of its requests failed",
			users, length, 100*failed)
		enough := false
		for _, test := range judge.Read(c, evidence.ArtefactLoad) {
			if !fresh(c, test.ArtefactFile) {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(test.Thresholds)) {
				c.Require(test.Thresholds[name], test.Path, "the threshold %s was crossed", name)
			}
			c.Require(test.Failed <= failed, test.Path, "%.2f %% of %d requests failed", 100*test.Failed, test.Requests)
			// k6 ends the last iterations a little early or late.
			const rounding = 0.99
			switch {
			case len(test.Thresholds) == 0:
				c.Unknown("%s: the test has no thresholds of its own, so that it cannot say whether benchmarks were met", test.Path)
			case test.Requests == 0:
				c.Unknown("%s: the test sent no requests", test.Path)
			case test.VUs >= users && test.Seconds >= rounding*length.Seconds():
				enough = true
				c.Note("%s: %d virtual users for %.0f s, %d requests, 95 %% within %.0f ms", test.Path, test.VUs, test.Seconds, test.Requests, test.P95)
			default:
				c.Note("%s: only %d virtual users for %.0f s", test.Path, test.VUs, test.Seconds)
			}
		}
		if !enough {
			c.Unknown("no fresh summary is of %d virtual users for %s or more; run gatehouse check load -s STACK --vus %d --duration %s", users, length, users, length)
		}
	},
}

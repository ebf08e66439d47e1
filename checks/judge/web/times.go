package web

import (
	"math"
	"slices"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var responseTimes = judge.Checker{
	ID:       "web-response-times",
	Expected: "the first page and the plugin listing answer fast enough",
	Needs:    needs(evidence.WebTimings),
	Judge: func(c *judge.Case) {
		limit, enough := c.Duration("p95"), c.Int("samples")
		c.Expect("95 of 100 requests to the first page and to the plugin listing are answered within %s, connection and TLS included, over %d samples or more", limit, enough)
		for _, t := range judge.Read(c, evidence.WebTimings) {
			var totals []float64
			refused := 0
			for _, s := range t.Samples {
				if success(s.Status) {
					totals = append(totals, s.Total)
				} else {
					refused = s.Status
				}
			}
			switch {
			case refused >= 500:
				c.Fail(t.URL, "answers %d", refused)
			case refused != 0:
				c.Unknown("%s answers %d, whose time says nothing; set web.token to a token of the API", t.URL, refused)
			case len(totals) < enough:
				c.Unknown("%s was timed %d times, %d are wanted", t.URL, len(totals), enough)
			default:
				p95, median := percentile(totals, 0.95), percentile(totals, 0.5)
				c.Require(p95 <= limit, t.URL, "95 of 100 answers take up to %s", p95.Round(time.Millisecond))
				c.Note("%s: median %s, p95 %s", t.URL, median.Round(time.Millisecond), p95.Round(time.Millisecond))
			}
		}
	},
}

// percentile is the nearest rank of milliseconds; there must be some.
func percentile(milliseconds []float64, share float64) time.Duration {
	sorted := slices.Sorted(slices.Values(milliseconds))
	rank := int(math.Ceil(share*float64(len(sorted)))) - 1
	return time.Duration(sorted[max(rank, 0)] * float64(time.Millisecond))
}

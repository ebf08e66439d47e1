package quality

import (
	"math"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// coverageEnough: thresholds minCoverage (per cent), maxAge. Each report must
// reach it by itself: well-tested services do not make up for one that is not.
// What counts are lines, weighted over all files of a report, and statements in
// Go's profiles; branches and functions do not.
var coverageEnough = judge.Checker{
	ID:       "coverage-enough",
	Expected: "Tests run through enough of the code",
	Needs:    []evidence.Name{evidence.ArtefactCoverage.Name()},
	Judge: func(c *judge.Case) {
		least := c.Number("minCoverage")
		c.Expect("tests run through %g %% or more of the lines (in Go, statements) of each report", least)
		for _, r := range judge.Read(c, evidence.ArtefactCoverage) {
			switch {
			case !fresh(c, r.ArtefactFile):
			case r.Total == 0:
				c.Unknown("%s counts no %s: nothing was measured", r.Path, r.Unit)
			default:
				c.Require(r.Percent() >= least, r.Path, "%.2f %% of %d %s in %d files", shown(r.Percent()), r.Total, r.Unit, r.Files)
				c.Note("%s: %.2f %% of %d %s", r.Path, shown(r.Percent()), r.Total, r.Unit)
			}
		}
	},
}

// shown rounds down, so that what misses the mark never looks as if it met it.
func shown(percent float64) float64 { return math.Floor(percent*100) / 100 }

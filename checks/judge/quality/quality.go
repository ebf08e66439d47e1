// Package quality judges what a pipeline has left behind: how much of the code
// tests run through, what analyses and audits found, and what a load test
// measured. Reading the files lives in checks/collect/artefact.
package quality

import (
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		coverageEnough, staticAnalysisClean, dynamicAnalysisClean,
		npmDependenciesClean, imagesClean, loadTestPassed, testsPassed,
	}
}

// skew is how far the clock of a pipeline may be ahead of ours.
const skew = 10 * time.Minute

// fresh tells whether an artefact is new enough to say something about the code
// of today (threshold maxAge). An old one is neither good nor bad: what it says
// may be so no more. The case cannot pass then.
func fresh(c *judge.Case, f evidence.ArtefactFile) bool {
	most := c.Duration("maxAge")
	switch age := c.Now.Sub(f.At); {
	case age > most:
		c.Unknown("%s is of %s, older than %.0f days: make it anew, or remove it", f.Path, f.At.Format(time.DateOnly), most.Hours()/24)
		return false
	case age < -skew:
		c.Unknown("%s is of %s, which is yet to come: set the clock of what makes it", f.Path, f.At.Format(time.RFC3339))
		return false
	default:
		return true
	}
}

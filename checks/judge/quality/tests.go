package quality

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// testsPassed: thresholds maxAge.
var testsPassed = judge.Checker{
	ID:       "tests-passed",
	Expected: "The automated tests ran lately, and all of them passed",
	Needs:    []evidence.Name{evidence.ArtefactTests.Name()},
	Judge: func(c *judge.Case) {
		for _, run := range judge.Read(c, evidence.ArtefactTests) {
			if !fresh(c, run.ArtefactFile) {
				continue
			}
			ran := run.Tests - run.Skipped
			for _, name := range run.Failed {
				c.Fail(run.Path, "%s failed", name)
			}
			switch {
			case run.Failures > len(run.Failed):
				c.Fail(run.Path, "%d more failed or broke", run.Failures-len(run.Failed))
			case run.Failures > 0:
			case ran <= 0:
				c.Unknown("%s: no test ran (%d were skipped)", run.Path, run.Skipped)
			default:
				c.Saw()
				c.Note("%s: %d passed, %d skipped", run.Path, ran, run.Skipped)
			}
		}
	},
}

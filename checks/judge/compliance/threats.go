package compliance

import (
	"slices"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// threatDetection serves SEC-6.
var threatDetection = judge.Checker{
	ID:       "guardduty-on",
	Expected: "GuardDuty is on with its protections",
	Needs:    needs(evidence.AWSDetectors.Name()),
	Judge: func(c *judge.Case) {
		features := c.Texts("guardDutyFeatures")
		c.Expect("GuardDuty is on in the region with %s", enumerate(features))
		detectors, whole := judge.Whole(c, evidence.AWSDetectors)
		if len(detectors) == 0 && whole {
			c.FailWith("GuardDuty", "aws guardduty create-detector --enable", "is not on in the region")
		}
		for _, d := range detectors {
			where := "detector " + d.ID
			if !d.Enabled {
				c.Fail(where, "is suspended")
				continue
			}
			for _, feature := range features {
				c.Require(slices.Contains(d.Features, feature), where, "has %s off", feature)
			}
			c.Saw()
			c.Note("detector %s is on with %s", d.ID, enumerate(features))
		}
	},
}

// openFindings serves SEC-6 and PROC-9. A detector that is off finds nothing, so
// nothing found proves nothing without one.
var openFindings = judge.Checker{
	ID:       "guardduty-findings",
	Expected: "no finding of GuardDuty of severity 7 or more is open",
	Needs:    needs(evidence.AWSFindings.Name(), evidence.AWSDetectors.Name()),
	Judge: func(c *judge.Case) {
		found, detectors := judge.Read(c, evidence.AWSFindings), judge.Read(c, evidence.AWSDetectors)
		for _, f := range found.Newest {
			c.FailWith("finding "+f.ID, "look into it, then archive it", "%s, severity %.1f, seen on %s: %s", f.Type, f.Severity, f.Updated.UTC().Format(time.DateOnly), f.Title)
		}
		if rest := found.High - len(found.Newest); rest > 0 {
			c.Fail("GuardDuty", "%d more findings are open", rest)
		}
		on := slices.ContainsFunc(detectors, func(d evidence.Detector) bool { return d.Enabled })
		switch {
		case found.High > 0:
		case !on:
			c.Unknown("no detector is on, so nothing could be found")
		default:
			c.Saw()
			c.Note("no finding of high severity is open")
		}
	},
}

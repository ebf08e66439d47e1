package compliance

import (
	"fmt"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// trail serves COMP-2. One trail must have all of it: two halves leave gaps.
var trail = judge.Checker{
	ID:       "trail-records-account",
	Expected: "a CloudTrail trail records all management events of all regions",
	Needs:    needs(evidence.AWSTrails.Name()),
	Judge: func(c *judge.Case) {
		age := c.Duration("trailNewestDelivery")
		c.Expect("a CloudTrail trail records all management events of all regions, encrypted by a KMS key, with validation, delivered in the last %s", age)
		trails, whole := judge.Whole(c, evidence.AWSTrails)
		var faulty []string
		for _, t := range trails {
			faults := faultsOf(c, t, age)
			if len(faults) == 0 {
				c.Saw()
				c.Note("%s records the account into %s; it delivered %s ago", t.Name, t.Bucket, c.Now.Sub(t.Delivered).Truncate(time.Minute))
				return
			}
			faulty = append(faulty, fmt.Sprintf("trail %s %s", t.Name, strings.Join(faults, ", ")))
		}
		switch {
		case !whole: // another trail may do
		case len(trails) == 0:
			c.FailWith("CloudTrail", "make a trail of all regions", "has no trail")
		default:
			c.Fail("CloudTrail", "%s", strings.Join(faulty, "; "))
		}
	},
}

func faultsOf(c *judge.Case, t evidence.Trail, age time.Duration) []string {
	var faults []string
	for _, each := range []struct {
		ok    bool
		fault string
	}{
		{t.Logging, "is stopped"},
		{t.MultiRegion, "records one region only"},
		{t.Global, "leaves out services without a region, such as IAM"},
		{t.Management == "All", "records not all management events but " + t.Management},
		{t.Validated, "does not validate its files"},
		{t.Encrypted, "has no KMS key"},
		{t.DeliveryError == "", "cannot deliver: " + t.DeliveryError},
		{!t.Delivered.IsZero(), "has never delivered"},
		{t.Delivered.IsZero() || c.Now.Sub(t.Delivered) <= age, "last delivered on " + t.Delivered.UTC().Format(time.RFC3339)},
	} {
		if !each.ok {
			faults = append(faults, each.fault)
		}
	}
	return faults
}

// logRetention serves COMP-4: logs must outlive an investigation, and must not
// outlive their purpose.
var logRetention = judge.Checker{
	ID:       "log-groups-retain",
	Expected: "every log group of the environment has a retention",
	Needs:    needs(evidence.AWSLogGroups.Name()),
	Judge: func(c *judge.Case) {
		least, most := c.Int("logLeastDays"), c.Int("logMostDays")
		c.Expect("every log group of the environment keeps events for %d to %d days", least, most)
		groups := judge.Read(c, evidence.AWSLogGroups)
		for _, g := range groups {
			where := "log group " + g.Name + " in " + g.Region
			switch {
			case g.Days == 0:
				c.FailWith(where, fmt.Sprintf("aws logs put-retention-policy --log-group-name %s --retention-in-days %d", g.Name, least), "never expires")
			case int(g.Days) < least:
				c.Fail(where, "keeps events for %d days only", g.Days)
			case int(g.Days) > most:
				c.Fail(where, "keeps events for %d days, longer than is allowed", g.Days)
			default:
				c.Saw()
			}
		}
		c.Note("%d log groups have a retention of %d to %d days", len(groups), least, most)
	},
}

package infrastructure

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var bucketsGuarded = judge.Checker{
	ID:       "s3-guarded",
	Expected: "Every bucket keeps versions, encrypts, and refuses the public",
	Needs:    []evidence.Name{evidence.AWSBuckets.Name()},
	Judge: func(c *judge.Case) {
		buckets := judge.Read(c, evidence.AWSBuckets)
		for _, b := range buckets {
			where := "bucket " + b.Name
			c.Require(b.Versioning == "Enabled", where, "versioning is %s: what is overwritten or deleted is gone", off(b.Versioning))
			c.Require(b.Encryption != "", where, "it has no default encryption")
			c.Require(b.BlocksPublic, where, "not all four public access blocks are on")
		}
		c.Note("%d buckets versioned, encrypted and closed to the public", len(buckets))
	},
}

func off(state string) string {
	if state == "" {
		return "off"
	}
	return state
}

// bucketsRetained: what must be kept so long must not expire sooner, and must
// expire: data kept for ever is a liability too (GDPR Art. 5(1)(e)).
var bucketsRetained = judge.Checker{
	ID:       "s3-retention",
	Expected: "Buckets keep their data as long as the policy says, and no longer",
	Needs:    []evidence.Name{evidence.AWSBuckets.Name()},
	Judge: func(c *judge.Case) {
		least := map[string]int{"backups": c.Int("backupDays"), "audit": c.Int("auditDays"), "logs": c.Int("logDays")}
		most := c.Int("mostDays")
		c.Expect("Buckets keep backups %d days, audit records %d (locked) and logs %d days or more, none longer than %d, and end old versions",
			least["backups"], least["audit"], least["logs"], most)
		for _, b := range judge.Read(c, evidence.AWSBuckets) {
			where := "bucket " + b.Name
			current, old := expiry(b)
			c.Require(old > 0, where, "old versions never end")
			want, governed := least[b.Purpose]
			if !governed {
				continue
			}
			switch current {
			case 0:
				c.Fail(where, "no rule ends what it keeps: it would keep it for ever")
			default:
				c.Require(current >= want, where, "it keeps %s %d days, %d are wanted", b.Purpose, current, want)
				c.Require(current <= most, where, "it keeps %s %d days, more than %d", b.Purpose, current, most)
				c.Note("%s are kept %d days", b.Purpose, current)
			}
			if b.Purpose == "audit" {
				c.Require(b.Lock != "" && b.LockDays >= want, where, "its object lock (%s) holds %d days, %d are wanted", off(b.Lock), b.LockDays, want)
			}
		}
	},
}

// expiry is when current and old versions end by the rules for the whole
// bucket, the shortest counting; 0 is never.
func expiry(b evidence.Bucket) (current, old int) {
	shorter := func(now, rule int) int {
		if now == 0 || rule > 0 && rule < now {
			return rule
		}
		return now
	}
	for _, rule := range b.Lifecycle {
		if rule.Prefix != "" || rule.Filtered {
			continue
		}
		current, old = shorter(current, rule.ExpireDays), shorter(old, rule.OldExpireDays)
	}
	return current, old
}

package compliance

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// manualTag is how an entry says that it is renewed outside Secrets Manager, and
// how often: the tag that our stacks write, in days, 0 for no plan.
const manualTag = "rotation-days"

// secretsRotate serves AUTH-5 and CICD-5. What Secrets Manager does not renew
// must say so, and must have been renewed by somebody all the same.
var secretsRotate = judge.Checker{
	ID:       "secrets-renewed",
	Expected: "every secret is renewed in time",
	Needs:    needs(evidence.AWSSecrets.Name()),
	Judge: func(c *judge.Case) {
		rotation, manual, grace := c.Int("secretRotationDays"), c.Duration("secretManualAge"), c.Duration("secretGrace")
		c.Expect("every secret rotates every %d days or oftener, and did; one that says by its tag %s that a person renews it was changed in the last %d days",
			rotation, manualTag, int(manual.Hours()/24))
		rotating, byHand := 0, 0
		for _, s := range judge.Read(c, evidence.AWSSecrets) {
			where := "secret " + s.Name
			if !s.Deleted.IsZero() {
				continue // secrets-hold-values says what is to be said of it
			}
			if _, said := s.Tags[manualTag]; !s.Rotates && s.Owner == "" && !said {
				c.FailWith(where, "turn rotation on, or tag it "+manualTag+"=0 when only a person can renew it", "does not rotate, and does not say that a person renews it")
				continue
			}
			fault := ""
			if s.Rotates {
				rotating, fault = rotating+1, overdue(c, s, rotation, grace)
			} else {
				byHand, fault = byHand+1, stale(c, s, manual, grace)
			}
			c.Require(fault == "", where, "%s", fault)
		}
		c.Note("%d secrets rotate, %d were renewed by a person", rotating, byHand)
	},
}

// overdue says what is wrong with a rotation, "" for nothing.
func overdue(c *judge.Case, s evidence.SecretEntry, most int, grace time.Duration) string {
	days := int(s.Days)
	switch {
	case days > most:
		return fmt.Sprintf("rotates every %d days only", days)
	case days == 0: // a schedule, of which AWS tells the next time
		days = most
	}
	since := s.Rotated
	if since.IsZero() {
		since = s.Created // the first rotation may be still to come
	}
	if due := since.AddDate(0, 0, days).Add(grace); c.Now.After(due) {
		return fmt.Sprintf("rotates every %d days, and last did %s", days, when(s.Rotated))
	}
	return ""
}

// stale says what is wrong with what a person renews: within the days that its
// tag says, but never longer than most.
func stale(c *judge.Case, s evidence.SecretEntry, most, grace time.Duration) string {
	if planned, err := strconv.Atoi(s.Tags[manualTag]); err == nil && planned > 0 {
		most = min(most, time.Duration(planned)*24*time.Hour+grace)
	}
	changed := s.Changed
	if changed.IsZero() {
		changed = s.Created
	}
	if c.Now.Sub(changed) <= most {
		return ""
	}
	return "was last renewed " + when(changed)
}

func when(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return "on " + at.UTC().Format(time.DateOnly)
}

// secretsHold serves SEC-3, AUTH-5 and CICD-5. An entry without a value is a
// deployment that waits; one that is being deleted is an outage with a date.
var secretsHold = judge.Checker{
	ID:       "secrets-hold-values",
	Expected: "every secret has a current value, encrypted by a key of the customer, and none is being deleted",
	Needs:    needs(evidence.AWSSecrets.Name()),
	Judge: func(c *judge.Case) {
		secrets := judge.Read(c, evidence.AWSSecrets)
		for _, s := range secrets {
			where := "secret " + s.Name
			switch {
			case !s.Deleted.IsZero():
				c.FailWith(where, "restore it with aws secretsmanager restore-secret --secret-id "+s.Name+", or give it another prefix", "was marked for deletion on %s", s.Deleted.UTC().Format(time.DateOnly))
			case !s.HasValue:
				c.FailWith(where, "write it with aws secretsmanager put-secret-value --secret-id "+s.Name, "has no current value")
			case s.Key == "" || strings.Contains(s.Key, "alias/aws/"):
				c.Fail(where, "is encrypted by the account's key aws/secretsmanager, which everybody of the account may use")
			default:
				c.Saw()
			}
		}
		c.Note("%d secrets have a value", len(secrets))
	},
}

package infrastructure

import (
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var backupPlan = judge.Checker{
	ID:       "backup-plan",
	Expected: "A backup plan keeps what it backs up in the environment's vault, long enough, under a lock",
	Needs:    []evidence.Name{evidence.AWSBackupPlans.Name(), evidence.AWSBackupVault.Name()},
	Judge: func(c *judge.Case) {
		days := c.Int("backupDays")
		c.Expect("A scheduled backup plan keeps its recovery points in the environment's vault for %d days or more, and the vault is locked", days)
		vault := judge.Read(c, evidence.AWSBackupVault)
		plans, all := judge.Whole(c, evidence.AWSBackupPlans)
		if vault.Name != "" {
			c.Require(vault.Locked, "vault "+vault.Name, "it has no lock: whoever may delete a backup can")
		}
		rules := 0
		for _, plan := range plans {
			for _, rule := range plan.Rules {
				rules++
				where := "plan " + plan.Name + ", rule " + rule.Name
				c.Require(rule.Schedule != "", where, "it has no schedule")
				c.Require(rule.DeleteAfterDays == 0 || rule.DeleteAfterDays >= days, where, "it keeps recovery points %d days", rule.DeleteAfterDays)
				c.Note("%s: %s", rule.Name, rule.Schedule)
			}
		}
		if rules == 0 && all {
			c.Fail("AWS Backup", "no plan keeps in the environment's vault")
		}
	},
}

var recoveryPoints = judge.Checker{
	ID:       "backup-recovery-points",
	Expected: "Every store has a fresh recovery point in the vault",
	Needs:    []evidence.Name{evidence.AWSRecoveryPoints.Name()},
	Judge: func(c *judge.Case) {
		types, limit := c.Texts("backedUp"), c.Duration("recoveryPointAge")
		c.Expect("The vault has a complete, encrypted recovery point of %s, at most %s old", list(types), span(limit))
		points, all := judge.Whole(c, evidence.AWSRecoveryPoints)
		if !all { // a newer one may be among those not read
			return
		}
		for _, kind := range types {
			seen := false
			for _, p := range points {
				if !strings.EqualFold(p.Type, kind) {
					continue
				}
				seen = true
				judgePoint(c, p, limit)
			}
			if !seen {
				c.Fail("vault", "it has no recovery point of %s", kind)
			}
		}
	},
}

func judgePoint(c *judge.Case, p evidence.RecoveryPoint, limit time.Duration) {
	where := p.Type + " " + p.Resource
	if p.Status != "COMPLETED" {
		c.Fail(where, "it has no complete recovery point; the newest is %s", p.Status)
		return
	}
	_, ago := age(c.Now, p.Created)
	c.Require(fresh(c.Now, p.Created, limit), where, "its newest recovery point was made %s", ago)
	c.Require(p.Encrypted, where, "its recovery point is not encrypted")
	c.Note("%s was backed up %s", p.Type, ago)
}

// restoreTests wants proof that backups can be restored. A restore that
// finished shows that AWS can read the backup; that the data in it is right,
// only a validation shows (AWS Backup, "Restore testing validation").
var restoreTests = judge.Checker{
	ID:       "backup-restore-tested",
	Expected: "Backups were restored, and what came back was validated",
	Needs:    []evidence.Name{evidence.AWSRestoreJobs.Name()},
	Judge: func(c *judge.Case) {
		types, limit, validated := c.Texts("restored"), c.Duration("restoreTestAge"), c.Text("restoreValidation") == "required"
		c.Expect("The newest restore of %s finished within %s; validation of its data: %s", list(types), span(limit), c.Text("restoreValidation"))
		jobs, all := judge.Whole(c, evidence.AWSRestoreJobs)
		if !all { // a newer one may be among those not read
			return
		}
		for _, kind := range types {
			newest := newestRestore(jobs, kind)
			if newest == nil {
				c.FailWith("AWS Backup", "run a restore testing plan for it", "no restore of %s has ended", kind)
				continue
			}
			judgeRestore(c, *newest, limit, validated)
		}
	},
}

func judgeRestore(c *judge.Case, j evidence.RestoreJob, limit time.Duration, validated bool) {
	where := "restore of " + j.Type + " " + j.ID
	_, ago := age(c.Now, j.Created)
	switch {
	case j.Status != "COMPLETED":
		c.Fail(where, "it is the newest, %s, and its status is %s", ago, j.Status)
	case !fresh(c.Now, j.Created, limit):
		c.Fail(where, "it is the newest, and was %s", ago)
	case j.Validation == "FAILED":
		c.Fail(where, "its data was validated and found wrong")
	case j.Validation != "SUCCESSFUL" && validated:
		c.Unknown("the %s %s finished, but nobody has said that its data is right (validation %s): answer with backup:PutRestoreValidationResult", where, ago, word(j.Validation))
	default:
		c.Saw()
		c.Note("%s was restored %s, validation %s", j.Type, ago, word(j.Validation))
	}
}

// newestRestore is the last of a type that has ended.
func newestRestore(jobs []evidence.RestoreJob, kind string) *evidence.RestoreJob {
	var newest *evidence.RestoreJob
	for _, j := range jobs {
		ended := j.Status != "RUNNING" && j.Status != "PENDING"
		if ended && strings.EqualFold(j.Type, kind) && (newest == nil || j.Created.After(newest.Created)) {
			newest = &j
		}
	}
	return newest
}

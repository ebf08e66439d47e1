package infrastructure

import (
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// databaseRestorable: RDS ships the log every five minutes, so that a newest
// restorable time of more than a quarter of an hour ago means that it does not.
var databaseRestorable = judge.Checker{
	ID:       "rds-point-in-time",
	Expected: "The database can be restored to a point in time that is minutes old",
	Needs:    []evidence.Name{evidence.AWSDatabases.Name()},
	Judge: func(c *judge.Case) {
		limit, days := c.Duration("restorableAge"), c.Int("backupDays")
		c.Expect("Automated backups are kept %d days or more, and the newest restorable time is at most %s old", days, span(limit))
		databases := judge.Read(c, evidence.AWSDatabases)
		if len(databases) == 0 {
			return
		}
		primary := databases[0]
		where := "database " + primary.ID
		if primary.BackupDays == 0 {
			c.Fail(where, "automated backups are off, and with them point-in-time recovery")
			return
		}
		c.Require(primary.BackupDays >= days, where, "automated backups are kept %d days", primary.BackupDays)
		if primary.Restorable.IsZero() {
			c.Unknown("RDS does not say to which time %s can be restored: there may be no first backup yet", primary.ID)
			return
		}
		_, ago := age(c.Now, primary.Restorable)
		c.Require(fresh(c.Now, primary.Restorable, limit), where, "its newest restorable time is %s", ago)
		c.Note("restorable to %s (%s), %d days back", primary.Restorable.UTC().Format(time.RFC3339), ago, primary.BackupDays)
	},
}

var databaseSnapshots = judge.Checker{
	ID:       "rds-snapshots",
	Expected: "A fresh, encrypted snapshot of the database is there",
	Needs:    []evidence.Name{evidence.AWSDatabaseSnapshots.Name()},
	Judge: func(c *judge.Case) {
		limit := c.Duration("snapshotAge")
		c.Expect("The newest complete snapshot of the database is at most %s old and encrypted", span(limit))
		snapshots, all := judge.Whole(c, evidence.AWSDatabaseSnapshots)
		var newest *evidence.DBSnapshot
		for _, s := range snapshots {
			if s.Status == "available" && (newest == nil || s.Created.After(newest.Created)) {
				newest = &s
			}
		}
		if newest == nil || !all {
			if all {
				c.Fail("database", "it has no complete snapshot among %d", len(snapshots))
			}
			return
		}
		_, ago := age(c.Now, newest.Created)
		where := "snapshot " + newest.ID
		c.Require(fresh(c.Now, newest.Created, limit), where, "it is the newest, and was taken %s", ago)
		c.Require(newest.Encrypted, where, "it is not encrypted")
		c.Note("%s (%s) was taken %s", newest.ID, newest.Type, ago)
	},
}

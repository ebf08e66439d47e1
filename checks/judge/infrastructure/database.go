package infrastructure

import (
	"slices"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// serving are the states in which RDS answers queries (RDS user guide, "Viewing
// DB instance status").
var serving = []string{
	"available", "backing-up", "configuring-enhanced-monitoring", "modifying", "storage-optimization", "storage-config-upgrade",
}

var databaseVersion = judge.Checker{
	ID:       "rds-version",
	Expected: "The database is a PostgreSQL that is new enough",
	Needs:    []evidence.Name{evidence.AWSDatabases.Name()},
	Judge: func(c *judge.Case) {
		least := c.Int("postgresMajor")
		c.Expect("The database and its replicas are PostgreSQL %d or newer", least)
		for _, d := range judge.Read(c, evidence.AWSDatabases) {
			where := "database " + d.ID
			if d.Engine != "postgres" && d.Engine != "aurora-postgresql" {
				c.Fail(where, "its engine is %s, not PostgreSQL", d.Engine)
				continue
			}
			text, _, _ := strings.Cut(d.Version, ".")
			major, err := strconv.Atoi(text)
			if err != nil {
				c.Unknown("the version %q of %s cannot be understood", d.Version, where)
				continue
			}
			c.Require(major >= least, where, "it runs PostgreSQL %s, older than %d", d.Version, least)
			c.Note("%s runs PostgreSQL %s", d.ID, d.Version)
		}
	},
}

// databaseCopies counts what can take over in another zone. A standby does so
// by itself within a minute or two; a replica has to be promoted by a person,
// which is less, and is said.
var databaseCopies = judge.Checker{
	ID:       "rds-highly-available",
	Expected: "The database serves, and a copy in another zone can take over",
	Needs:    []evidence.Name{evidence.AWSDatabases.Name()},
	Judge: func(c *judge.Case) {
		want := c.Int("databaseCopies")
		c.Expect("The database serves, and %d standbys or replicas in other zones can take over", want)
		databases, all := judge.Whole(c, evidence.AWSDatabases)
		for _, d := range databases {
			c.Require(slices.Contains(serving, d.Status), "database "+d.ID, "its status is %s", d.Status)
		}
		if len(databases) == 0 {
			return
		}
		primary, copies := databases[0], 0
		if primary.MultiAZ {
			copies++
			c.Note("%s has a standby in another zone, which takes over by itself", primary.ID)
		}
		for _, d := range databases[1:] {
			if d.Zone != "" && d.Zone != primary.Zone && slices.Contains(serving, d.Status) {
				copies++
				c.Note("the replica %s in %s can be promoted, by hand", d.ID, d.Zone)
			}
		}
		if copies < want && !all { // a replica may be among those not read
			return
		}
		c.Require(copies >= want, "database "+primary.ID, "Multi-AZ is %s and %d copies are in other zones than %s, %d are wanted", onOff(primary.MultiAZ), copies, primary.Zone, want)
	},
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

var databaseProtected = judge.Checker{
	ID:       "rds-protected",
	Expected: "The database is encrypted, cannot be deleted by mistake, and has no public address",
	Needs:    []evidence.Name{evidence.AWSDatabases.Name()},
	Judge: func(c *judge.Case) {
		for _, d := range judge.Read(c, evidence.AWSDatabases) {
			where := "database " + d.ID
			c.Require(d.Encrypted, where, "its storage is not encrypted")
			c.Require(!d.Public, where, "it is publicly accessible")
			if d.SourceID == "" { // a replica holds nothing of its own
				c.Require(d.DeletionProtection, where, "deletion protection is off")
			}
		}
		c.Note("encrypted, private, and the primary protected from deletion")
	},
}

var databaseMonitored = judge.Checker{
	ID:       "rds-monitoring",
	Expected: "Performance Insights and enhanced monitoring watch the database, and its logs are kept",
	Needs:    []evidence.Name{evidence.AWSDatabases.Name()},
	Judge: func(c *judge.Case) {
		seconds := c.Int("monitoringSeconds")
		c.Expect("Performance Insights are on, enhanced monitoring looks every %d s or more often, and the PostgreSQL log goes to CloudWatch", seconds)
		for _, d := range judge.Read(c, evidence.AWSDatabases) {
			where := "database " + d.ID
			c.Require(d.Insights, where, "Performance Insights are off")
			switch d.MonitoringSeconds {
			case 0:
				c.Fail(where, "enhanced monitoring is off")
			default:
				c.Require(d.MonitoringSeconds <= seconds, where, "enhanced monitoring looks every %d s only", d.MonitoringSeconds)
			}
			c.Require(slices.Contains(d.LogExports, "postgresql"), where, "its log does not go to CloudWatch")
			c.Note("%s: Performance Insights, every %d s", d.ID, d.MonitoringSeconds)
		}
	},
}

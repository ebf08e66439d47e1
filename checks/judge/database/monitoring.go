package database

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// statements is the extension that counts what each statement costs.
const statements = "pg_stat_statements"

var monitoring = judge.Checker{
	ID:       "postgres-monitoring",
	Expected: "the servers measure statements, input and output, and log slow statements",
	Needs:    []evidence.Name{evidence.PostgresSettings.Name(), evidence.PostgresExtensions.Name()},
	Judge: func(c *judge.Case) {
		slow := c.Duration("slowStatement")
		c.Expect("%s is loaded and made, track_io_timing is on, and statements of %s or more are logged", statements, slow)
		for where, set := range settingsOf(judge.Read(c, evidence.PostgresSettings)) {
			set.require(c, where, "shared_preload_libraries", loads)
			set.require(c, where, "track_activities", isOn)
			set.require(c, where, "track_io_timing", isOn)
			set.require(c, where, "log_min_duration_statement", func(v string) bool {
				millis, err := strconv.Atoi(v)
				return err == nil && millis >= 0 && time.Duration(millis)*time.Millisecond <= slow
			})
		}
		found, ok := judge.Whole(c, evidence.PostgresExtensions)
		if !ok {
			return
		}
		made := slices.ContainsFunc(found, func(e evidence.PostgresExtension) bool { return e.Name == statements })
		if !made {
			c.FailWith("portal's database", "run CREATE EXTENSION "+statements+" in it", "it has no extension %s", statements)
			return
		}
		c.Saw()
		c.Note("%s counts, slow statements are logged", statements)
	},
}

// loads tells whether the extension is among the libraries.
func loads(libraries string) bool {
	names := strings.FieldsFunc(libraries, func(r rune) bool { return r == ',' || r == ' ' || r == '"' })
	return slices.Contains(names, statements)
}

var tableStatistics = judge.Checker{
	ID:       "postgres-table-statistics",
	Expected: "the guide's tables are there and the planner knows their contents",
	Needs:    []evidence.Name{evidence.PostgresTables.Name()},
	Judge: func(c *judge.Case) {
		few := c.Int("rowsWithoutStatistics")
		wanted := c.Texts("tables")
		c.Expect("the tables %s are there, and those of more than %d rows have the planner's statistics", strings.Join(wanted, ", "), few)
		tables, ok := judge.Whole(c, evidence.PostgresTables)
		if !ok {
			return
		}
		for _, name := range wanted {
			there := false
			for _, table := range tables {
				if table.Name != name {
					continue
				}
				there = true
				c.Require(table.Analyzed || table.Rows <= int64(few), "table "+table.Schema+"."+name,
					"it has about %d rows and no statistics; run ANALYZE and see why autovacuum does not", table.Rows)
			}
			if !there {
				c.FailWith("table "+name, "run the portal's migrations", "it is not in the portal's database")
			}
		}
	},
}

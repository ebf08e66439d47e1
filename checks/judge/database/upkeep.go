package database

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var wraparound = judge.Checker{
	ID:       "postgres-wraparound",
	Expected: "vacuum keeps every database far from running out of transaction IDs",
	Needs:    []evidence.Name{evidence.PostgresDatabases.Name()},
	Judge: func(c *judge.Case) {
		most := int64(c.Number("transactionAge"))
		c.Expect("no database is older than %d transactions; at 2147483648 the server stops to take writes", most)
		for _, database := range judge.Read(c, evidence.PostgresDatabases) {
			oldest := max(database.TransactionAge, database.MultixactAge)
			if oldest > most {
				c.FailWith("database "+database.Name, "end old transactions and prepared ones, drop unused replication slots, and run VACUUM FREEZE", "its age is %d", oldest)
				continue
			}
			c.Saw()
		}
	},
}

var indexes = judge.Checker{
	ID:       "postgres-indexes",
	Expected: "every index of the portal's database is valid",
	Needs:    []evidence.Name{evidence.PostgresIndexes.Name()},
	Judge: func(c *judge.Case) {
		state := judge.Read(c, evidence.PostgresIndexes)
		for _, name := range state.Invalid {
			c.FailWith("index "+name, "run REINDEX INDEX CONCURRENTLY "+name, "it is invalid: it is kept up and never used")
		}
		if state.Total > len(state.Invalid) {
			c.Saw()
			c.Note("%d indexes are valid", state.Total-len(state.Invalid))
		}
	},
}

var migrations = judge.Checker{
	ID:       "migrations-applied",
	Expected: "migrations have run in every database that has a journal of them, and none holds the lock",
	Needs:    []evidence.Name{evidence.PostgresMigrations.Name()},
	Judge: func(c *judge.Case) {
		least := c.Int("migrationJournals")
		c.Expect("knex has noted migrations in %d databases or more, and none holds the lock", least)
		found, ok := judge.Whole(c, evidence.PostgresMigrations)
		databases := map[string]bool{}
		for _, journal := range found {
			where := "database " + journal.Database + ", table " + journal.Schema + "." + journal.Table
			databases[journal.Database] = true
			switch {
			case journal.Locked:
				c.FailWith(where, "wait for a migration that runs; if none does, run `knex migrate:unlock`, and see why the last was cut off", "its lock is held: a migration runs or was cut off")
			case journal.Applied == 0:
				c.FailWith(where, "run the migrations", "no migration has run")
			default:
				c.Saw()
			}
		}
		if ok && len(databases) < least {
			c.FailWith("primary", "run the portal's and Backstage's migrations", "%d databases have a journal of migrations, %d are wanted", len(databases), least)
		}
		c.Note("migrations have run in %d databases", len(databases))
	},
}

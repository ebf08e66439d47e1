package database

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var connections = judge.Checker{
	ID:       "postgres-connections",
	Expected: "the primary has connections to spare",
	Needs:    []evidence.Name{evidence.PostgresSessions.Name()},
	Judge: func(c *judge.Case) {
		most := c.Number("connectionsPercent")
		c.Expect("no more than %.0f %% of the primary's connections are used", most)
		s := judge.Read(c, evidence.PostgresSessions)
		if s.Limit <= 0 {
			return
		}
		used := 100 * float64(s.Connections) / float64(s.Limit)
		if used > most {
			c.FailWith("primary", "find the clients in pg_stat_activity, and put them behind PgBouncer", "%d of %d connections are used", s.Connections, s.Limit)
			return
		}
		c.Saw()
		c.Note("%d of %d connections are used", s.Connections, s.Limit)
	},
}

var sessions = judge.Checker{
	ID:       "postgres-sessions",
	Expected: "no session runs or idles in a transaction for long",
	Needs:    []evidence.Name{evidence.PostgresSessions.Name()},
	Judge: func(c *judge.Case) {
		query, idle := c.Duration("longestStatement"), c.Duration("idleTransaction")
		c.Expect("no statement of a client runs for more than %s, and no transaction idles for more than %s", query, idle)
		s := judge.Read(c, evidence.PostgresSessions)
		if s.Limit <= 0 {
			return
		}
		c.Require(s.LongestQuerySeconds <= query.Seconds(), "primary", "a statement has been running for %s", inSeconds(s.LongestQuerySeconds))
		c.Require(s.IdleInTransactionSeconds <= idle.Seconds(), "primary",
			"a transaction has been idle for %s, and holds its locks and old rows; set idle_in_transaction_session_timeout", inSeconds(s.IdleInTransactionSeconds))
		c.Note("the longest statement runs for %s", inSeconds(s.LongestQuerySeconds))
	},
}

var countPlugins = judge.Checker{
	ID:       "postgres-count-plugins",
	Expected: "the guide's query, SELECT count(*) FROM plugins, is quick",
	Needs:    []evidence.Name{evidence.PostgresCount.Name()},
	Judge: func(c *judge.Case) {
		limit := c.Duration("countPlugins")
		c.Expect("SELECT count(*) FROM plugins takes no more than %s", limit)
		fact, ok := judge.Whole(c, evidence.PostgresCount)
		if !ok {
			return
		}
		switch {
		case fact.Table == "":
			c.FailWith("portal's database", "run the portal's migrations", "it has no table plugins")
		case fact.Cut:
			c.Fail("table "+fact.Table, "it was not counted within %s", inSeconds(fact.Seconds))
		default:
			c.Require(fact.Seconds <= limit.Seconds(), "table "+fact.Table, "counting its %d rows took %s", fact.Rows, inSeconds(fact.Seconds))
			c.Note("%d rows of %s were counted in %s", fact.Rows, fact.Table, inSeconds(fact.Seconds))
		}
	},
}

package database

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// ofMajor is what server_version_num counts a major version with: 150004 is 15.4.
const ofMajor = 10000

var version = judge.Checker{
	ID:       "postgres-version",
	Expected: "every PostgreSQL server runs a major version that the portal supports, and all the same one",
	Needs:    []evidence.Name{evidence.PostgresNodes.Name()},
	Judge: func(c *judge.Case) {
		least := c.Int("version")
		c.Expect("every PostgreSQL server runs version %d or later, and all the same major version", least)
		nodes := answering(c)
		head, known := primary(nodes)
		for _, node := range nodes {
			major := node.Version / ofMajor
			switch {
			case major < least:
				c.FailWith(node.Address, "upgrade it, replicas first", "it runs version %d.%d", major, node.Version%ofMajor)
			case known && major != head.Version/ofMajor:
				c.Fail(node.Address, "it runs version %d, the primary %d", major, head.Version/ofMajor)
			default:
				c.Saw()
				c.Note("%s runs %d.%d", node.Address, major, node.Version%ofMajor)
			}
		}
	},
}

var reachable = judge.Checker{
	ID:       "postgres-reachable",
	Expected: "the primary and every replica let the checks in and answer a query",
	Needs:    []evidence.Name{evidence.PostgresNodes.Name()},
	Judge: func(c *judge.Case) {
		for _, node := range judge.Read(c, evidence.PostgresNodes) {
			if node.Refused {
				c.FailWith(node.Address, "start the server, or correct the address in the targets", "it refuses connections: nothing listens there")
				continue
			}
			c.Saw()
			c.Note("%s answers", node.Address)
		}
	},
}

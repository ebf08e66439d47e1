package database

import (
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var replicasStream = judge.Checker{
	ID:       "postgres-replicas-stream",
	Expected: "the primary streams its log to enough replicas",
	Needs:    []evidence.Name{evidence.PostgresNodes.Name(), evidence.PostgresReplication.Name(), evidence.PostgresReceivers.Name()},
	Judge: func(c *judge.Case) {
		least := c.Int("replicas")
		senders, counted := judge.Whole(c, evidence.PostgresReplication)
		want := max(least, senders.Expected)
		c.Expect("the primary streams its log to %d replicas (%d at least, %d named), and each of those says so", want, least, senders.Expected)
		for _, node := range answering(c) {
			switch {
			case node.Replica && !node.InRecovery:
				c.FailWith(node.Address, "find out which server the clients write to, and make the other a replica anew", "it is named a replica and takes writes of its own")
			case !node.Replica && node.InRecovery:
				c.FailWith(node.Address, "name the new primary in the targets, or promote this server", "it is named the primary and is a replica")
			}
		}
		if counted {
			enough(c, senders.Senders, want)
		}
		for _, receiver := range judge.Read(c, evidence.PostgresReceivers) {
			c.Require(!receiver.InRecovery || receiver.Status == "streaming", receiver.Address, "its log receiver is %s", or(receiver.Status, "not running"))
		}
	},
}

// enough counts the replicas that stream from the primary.
func enough(c *judge.Case, senders []evidence.PostgresSender, want int) {
	streaming := 0
	for _, sender := range senders {
		if sender.Physical && sender.State == "streaming" {
			streaming++
		}
	}
	if streaming < want {
		c.FailWith("primary", "start the missing replica and read its log; make it anew with pg_basebackup when the log it needs is gone",
			"%d of %d replicas stream%s", streaming, want, others(senders))
		return
	}
	c.Saw()
	c.Note("%d replicas stream", streaming)
}

// others says which connections there are that do not stream.
func others(senders []evidence.PostgresSender) string {
	text := ""
	for _, sender := range senders {
		if sender.Physical && sender.State != "streaming" {
			text += "; " + or(sender.Name, sender.Address) + " is in " + sender.State
		}
	}
	return text
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

var replicaLag = judge.Checker{
	ID:       "postgres-replica-lag",
	Expected: "no replica is far behind",
	Needs:    []evidence.Name{evidence.PostgresReplication.Name(), evidence.PostgresReceivers.Name()},
	Judge: func(c *judge.Case) {
		limit := c.Duration("replicaLag")
		c.Expect("no replica has paused, or is more than %s behind", limit)
		late := func(seconds float64) bool { return seconds > limit.Seconds() }
		for _, sender := range judge.Read(c, evidence.PostgresReplication).Senders {
			if sender.Physical {
				c.Require(!late(sender.LagSeconds), "replica "+or(sender.Name, sender.Address),
					"the primary waits %s for it, with %d bytes to go", inSeconds(sender.LagSeconds), sender.LagBytes)
			}
		}
		for _, receiver := range judge.Read(c, evidence.PostgresReceivers) {
			switch {
			case !receiver.InRecovery:
				c.Fail(receiver.Address, "it is no replica")
			case receiver.Paused:
				c.FailWith(receiver.Address, "run SELECT pg_wal_replay_resume() on it", "its replay is paused, %d bytes behind", receiver.LagBytes)
			default:
				c.Require(!late(receiver.LagSeconds), receiver.Address, "it is %s behind, with %d bytes to replay", inSeconds(receiver.LagSeconds), receiver.LagBytes)
				c.Note("%s is %s behind", receiver.Address, inSeconds(receiver.LagSeconds))
			}
		}
	},
}

// inSeconds shows a time that the server measured.
func inSeconds(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second)).Round(10 * time.Millisecond)
}

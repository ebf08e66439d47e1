package cache

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var replicas = judge.Checker{
	ID:       "redis-replicas",
	Expected: "every primary has replicas that keep up, on other hosts",
	Needs:    []evidence.Name{evidence.RedisTopology.Name(), evidence.RedisNodes.Name()},
	Judge: func(c *judge.Case) {
		least, silence := c.Int("redisReplicas"), c.Duration("replicaSilence")
		c.Expect("every primary has %d replicas or more, on other hosts, that are connected and have heard of it within %s", least, silence)
		topology := judge.Read(c, evidence.RedisTopology)
		nodes := byAddress(running(c))
		for _, head := range topology.Members {
			if !head.Primary || head.Slots == 0 && !topology.Sentinel {
				continue
			}
			good, unread := 0, 0
			for _, member := range topology.Members {
				if member.Of != head.ID || member.Primary {
					continue
				}
				node, known := nodes[member.Address]
				switch {
				case member.Failed:
					c.FailWith(member.Address, "start the replica", "the other nodes hold this replica of %s to be down", head.Address)
				case together(head.Address, member.Address):
					c.Fail(member.Address, "it stands on the same host as its primary %s", head.Address)
				case !known:
					unread++ // why is said already
				case !node.LinkUp || node.Syncing:
					c.FailWith(member.Address, "read the replica's log", "it is not connected to its primary %s, or still copies its data", head.Address)
				case node.LinkSeconds > silence.Seconds():
					c.Fail(member.Address, "it has not heard of its primary %s for %.0f s", head.Address, node.LinkSeconds)
				default:
					good++
				}
			}
			if good+unread < least {
				c.FailWith(head.Address, "add replicas to it", "%d of %d replicas of this primary keep up", good, least)
				continue
			}
			c.Saw()
			c.Note("%s has %d replicas", head.Address, good)
		}
	},
}

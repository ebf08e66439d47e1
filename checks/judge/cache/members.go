package cache

import (
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var reachable = judge.Checker{
	ID:       "redis-reachable",
	Expected: "every node of Redis answers, and no other node holds it to be down",
	Needs:    []evidence.Name{evidence.RedisTopology.Name(), evidence.RedisNodes.Name()},
	Judge: func(c *judge.Case) {
		nodes := judge.Read(c, evidence.RedisNodes)
		refused := map[string]bool{}
		for _, node := range nodes {
			if node.Refused {
				refused[node.Address] = true
				c.FailWith(node.Address, "start the node, or have the others forget it (CLUSTER FORGET, SENTINEL RESET)", "it refuses connections: nothing listens there")
			}
		}
		for _, member := range judge.Read(c, evidence.RedisTopology).Members {
			if member.Failed && !refused[member.Address] {
				c.FailWith(member.Address, "start the node, or have the others forget it (CLUSTER FORGET, SENTINEL RESET)", "the other nodes hold it to be down")
			}
		}
		for _, node := range nodes {
			switch {
			case node.Loading:
				c.Unknown("%s is still loading its data", node.Address)
			case !node.Refused:
				c.Saw()
				c.Note("%s answers", node.Address)
			}
		}
	},
}

var version = judge.Checker{
	ID:       "redis-version",
	Expected: "every node runs a version of Redis that the portal supports",
	Needs:    []evidence.Name{evidence.RedisNodes.Name()},
	Judge: func(c *judge.Case) {
		least := c.Int("redisVersion")
		c.Expect("every node runs Redis %d or later", least)
		for _, node := range running(c) {
			text, _, _ := strings.Cut(node.Version, ".")
			major, err := strconv.Atoi(text)
			c.Require(err == nil && major >= least, node.Address, "it runs version %s", node.Version)
		}
	},
}

// allSlots is how many hash slots a cluster has (Redis, "Cluster specification").
const allSlots = 16384

var clusterServes = judge.Checker{
	ID:       "redis-cluster-serves",
	Expected: "the cluster serves all of its slots",
	Needs:    []evidence.Name{evidence.RedisTopology.Name(), evidence.RedisClusters.Name()},
	Judge: func(c *judge.Case) {
		shards := c.Int("shards")
		c.Expect("every node says that the cluster is ok and serves all %d slots, over %d shards or more", allSlots, shards)
		topology := judge.Read(c, evidence.RedisTopology)
		if topology.Sentinel {
			c.NotApplicable("Redis is not in cluster mode: sentinels watch its primary")
			return
		}
		for _, state := range judge.Read(c, evidence.RedisClusters) {
			serves := state.OK && state.Assigned == allSlots && state.Serving == allSlots
			switch {
			case !serves || state.Failing > 0 || state.Suspect > 0:
				c.FailWith(state.Address, "start the nodes that are down; redis-cli --cluster check shows them",
					"it counts %d slots assigned, %d served, %d failing and %d suspect; cluster state ok: %t", state.Assigned, state.Serving, state.Failing, state.Suspect, state.OK)
			case state.Shards < shards:
				c.Fail(state.Address, "it knows %d shards", state.Shards)
			default:
				c.Saw()
				c.Note("%s: %d slots over %d shards", state.Address, state.Serving, state.Shards)
			}
		}
	},
}

var sentinelQuorum = judge.Checker{
	ID:       "redis-sentinel-quorum",
	Expected: "enough sentinels watch the primary, agree on it, and can fail over",
	Needs:    []evidence.Name{evidence.RedisTopology.Name(), evidence.RedisSentinels.Name()},
	Judge: func(c *judge.Case) {
		least := c.Int("sentinels")
		c.Expect("%d sentinels or more reach each other, agree on one primary that is up, and can fail over", least)
		topology, problems := judge.Try(c, evidence.RedisTopology)
		if len(problems) == 0 && !topology.Sentinel {
			c.NotApplicable("Redis is in cluster mode: its nodes themselves fail over")
			return
		}
		if len(problems) > 0 {
			judge.Read(c, evidence.RedisTopology)
		}
		named := ""
		for _, s := range judge.Read(c, evidence.RedisSentinels) {
			usable := usableSentinels(s.Answer)
			switch {
			case !s.Reachable:
				c.FailWith(s.Address, "start the sentinels that are missing", "no failover is possible: %s", s.Answer)
			case s.Others+1 < least || usable < least:
				c.FailWith(s.Address, "start the sentinels that are missing", "%d of %d sentinels can be used", min(usable, s.Others+1), least)
			case s.Down:
				c.Fail(s.Address, "it holds the primary %s to be down", s.Primary)
			case s.Quorum < 2:
				c.FailWith(s.Address, "run SENTINEL SET on each with a quorum of most of them", "its quorum is %d: one sentinel alone can start a failover", s.Quorum)
			case named != "" && s.Primary != named:
				c.Fail(s.Address, "it sends clients to %s, another to %s", s.Primary, named)
			default:
				c.Saw()
				c.Note("%s: %s", s.Address, s.Answer)
			}
			named = s.Primary
		}
	},
}

// usableSentinels reads CKQUORUM's "OK 3 usable Sentinels. …".
func usableSentinels(answer string) int {
	fields := strings.Fields(answer)
	if len(fields) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(fields[1])
	return n
}

package cache

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var memoryLimit = judge.Checker{
	ID:       "redis-memory",
	Expected: "every node has a memory limit that is large enough, and room below it",
	Needs:    []evidence.Name{evidence.RedisNodes.Name()},
	Judge: func(c *judge.Case) {
		least, most := int64(c.Int("memoryMiB")), c.Number("memoryPercent")
		c.Expect("maxmemory is %d MiB or more on every node, and no more than %.0f %% of it is used", least, most)
		for _, node := range running(c) {
			used := 100 * float64(node.UsedBytes) / float64(max(node.MaxBytes, 1))
			switch {
			case node.MaxBytes == 0:
				c.FailWith(node.Address, "set maxmemory below the machine's, as the guide does: maxmemory 4gb", "maxmemory is not set: the system kills Redis when memory ends")
			case node.MaxBytes < least*mebibyte:
				c.Fail(node.Address, "maxmemory is %d MiB", node.MaxBytes/mebibyte)
			case used > most:
				c.FailWith(node.Address, "add shards or memory, or shorten how long entries are kept", "%.0f %% of %d MiB are used, %d entries were evicted", used, node.MaxBytes/mebibyte, node.Evicted)
			default:
				c.Saw()
				c.Note("%s uses %.0f %% of %d MiB", node.Address, used, node.MaxBytes/mebibyte)
			}
		}
	},
}

var evictionPolicy = judge.Checker{
	ID:       "redis-eviction-policy",
	Expected: "a full node evicts what is used least",
	Needs:    []evidence.Name{evidence.RedisNodes.Name()},
	Judge: func(c *judge.Case) {
		allowed := c.Texts("evictionPolicies")
		c.Expect("maxmemory-policy is one of %s on every node", strings.Join(allowed, ", "))
		for _, node := range running(c) {
			c.Require(slices.Contains(allowed, node.Policy), node.Address, "maxmemory-policy is %s", node.Policy)
		}
	},
}

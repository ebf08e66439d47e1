package infrastructure

import (
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// serves are the states in which a replication group answers.
var serves = []string{"available", "modifying", "snapshotting"}

var cacheCopies = judge.Checker{
	ID:       "elasticache-highly-available",
	Expected: "Every shard of the cache has replicas in other zones and fails over by itself",
	Needs:    []evidence.Name{evidence.AWSCache.Name()},
	Judge: func(c *judge.Case) {
		want := c.Int("replicasPerShard")
		c.Expect("The cache serves, fails over by itself, and every shard has %d replicas or more in other zones", want)
		group := judge.Read(c, evidence.AWSCache)
		if group.ID == "" {
			return
		}
		where := "cache " + group.ID
		c.Require(slices.Contains(serves, group.Status), where, "its status is %s", group.Status)
		c.Require(group.Failover == "enabled", where, "automatic failover is %s", word(group.Failover))
		if want > 0 {
			c.Require(group.MultiAZ == "enabled", where, "Multi-AZ is %s", word(group.MultiAZ))
		}
		replicated(c, group, want)
		c.Note("%d shards with %d replicas or more each, automatic failover %s", len(group.Shards), want, group.Failover)
	},
}

// replicated requires replicas of every shard in zones of their own. What AWS
// does not say the zones of cannot be told.
func replicated(c *judge.Case, group evidence.CacheGroup, want int) {
	if len(group.Shards) == 0 {
		c.Unknown("ElastiCache names no shards of %s", group.ID)
	}
	for _, shard := range group.Shards {
		where := "cache " + group.ID + ", shard " + shard.ID
		replicas := len(shard.Zones) - 1
		if replicas < want {
			c.Fail(where, "it has %d replicas, %d are wanted: a lost node loses its share of the data", max(replicas, 0), want)
			continue
		}
		if want > 0 && slices.Contains(shard.Zones, "") {
			c.Unknown("ElastiCache does not say the zones of %s", where)
			continue
		}
		c.Require(want == 0 || len(distinct(shard.Zones)) > 1, where, "all its nodes are in %s", list(distinct(shard.Zones)))
	}
}

// cacheDurable is the guide's "AOF and RDB" for ElastiCache, which has no
// append-only file for Redis 2.8.22 and newer (ElastiCache user guide, "Best
// practices: AOF"): a copy in another zone stands for the log, since it is newer
// than any log that is synced each second, and daily snapshots for RDB files.
// Without either, what a lost node held is gone: that fails.
var cacheDurable = judge.Checker{
	ID:       "elasticache-durable",
	Expected: "What the cache holds survives a node: replicas stand for the AOF that ElastiCache does not have, snapshots for RDB",
	Needs:    []evidence.Name{evidence.AWSCache.Name()},
	Judge: func(c *judge.Case) {
		want := c.Int("replicasPerShard")
		c.Expect("ElastiCache has no AOF: %d replicas or more of each shard in other zones stand for it, and daily snapshots for RDB", want)
		group := judge.Read(c, evidence.AWSCache)
		if group.ID == "" {
			return
		}
		c.Require(group.SnapshotDays > 0, "cache "+group.ID, "it takes no daily snapshots")
		replicated(c, group, want)
		c.Note("ElastiCache has no AOF; %d replicas of each shard in other zones stand for it, daily snapshots kept %d days for RDB", want, group.SnapshotDays)
	},
}

var cacheSnapshots = judge.Checker{
	ID:       "elasticache-snapshots",
	Expected: "The cache is backed up by fresh daily snapshots",
	Needs:    []evidence.Name{evidence.AWSCache.Name(), evidence.AWSCacheSnapshots.Name()},
	Judge: func(c *judge.Case) {
		days, limit := c.Int("cacheSnapshotDays"), c.Duration("snapshotAge")
		c.Expect("Daily snapshots of the cache are kept %d days or more, and the newest is at most %s old", days, span(limit))
		group := judge.Read(c, evidence.AWSCache)
		snapshots, all := judge.Whole(c, evidence.AWSCacheSnapshots)
		if group.ID == "" {
			return
		}
		where := "cache " + group.ID
		c.Require(group.SnapshotDays >= days, where, "snapshots are kept %d days, %d are wanted", group.SnapshotDays, days)
		var newest *evidence.CacheSnapshot
		for _, s := range snapshots {
			if s.Status == "available" && (newest == nil || s.Created.After(newest.Created)) {
				newest = &s
			}
		}
		switch {
		case !all: // a newer one may be among those not read
		case newest == nil:
			c.Fail(where, "it has no complete snapshot among %d", len(snapshots))
		case newest.Created.IsZero():
			c.Unknown("ElastiCache does not say when %s was taken", newest.Name)
		default:
			_, ago := age(c.Now, newest.Created)
			c.Require(fresh(c.Now, newest.Created, limit), "snapshot "+newest.Name, "it is the newest, and was taken %s", ago)
			c.Note("%s was taken %s; snapshots are kept %d days", newest.Name, ago, group.SnapshotDays)
		}
	},
}

var cacheEncrypted = judge.Checker{
	ID:       "elasticache-encrypted",
	Expected: "The cache encrypts what it stores and what it sends",
	Needs:    []evidence.Name{evidence.AWSCache.Name()},
	Judge: func(c *judge.Case) {
		group := judge.Read(c, evidence.AWSCache)
		if group.ID == "" {
			return
		}
		c.Require(group.Transit, "cache "+group.ID, "connections are not encrypted")
		c.Require(group.AtRest, "cache "+group.ID, "data at rest is not encrypted")
		c.Note("connections and stored data are encrypted")
	},
}

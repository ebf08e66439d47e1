package cache

import (
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// standIn is why a managed cluster has no files of its own to judge.
const standIn = "ElastiCache keeps no append-only file and no snapshots on its nodes: replicas in other zones and the group's daily snapshots " +
	"stand in for them, and are judged by what AWS says (ElastiCache user guide, \"Snapshot and restore\")"

// onOwnDisks tells whether the nodes keep their data themselves; what cannot be
// read about that leaves the case open.
func onOwnDisks(c *judge.Case) bool {
	if judge.Read(c, evidence.RedisTopology).Managed {
		c.NotApplicable(standIn)
		return false
	}
	return true
}

var appendOnly = judge.Checker{
	ID:       "redis-append-only",
	Expected: "every node writes an append-only file",
	Needs:    []evidence.Name{evidence.RedisTopology.Name(), evidence.RedisNodes.Name(), evidence.RedisSettings.Name()},
	Judge: func(c *judge.Case) {
		allowed := c.Texts("appendFsync")
		c.Expect("every node writes an append-only file without errors, with appendfsync %s", strings.Join(allowed, " or "))
		if !onOwnDisks(c) {
			return
		}
		for _, node := range running(c) {
			switch {
			case !node.AppendOnly:
				c.FailWith(node.Address, "run CONFIG SET appendonly yes and CONFIG REWRITE", "it writes no append-only file")
			case !node.AppendOK || !node.RewriteOK:
				c.FailWith(node.Address, "see that its disk has room and can be written to", "the last write to the append-only file, or its rewriting, failed")
			default:
				c.Saw()
				c.Note("%s writes its file", node.Address)
			}
		}
		for _, setting := range judge.Read(c, evidence.RedisSettings) {
			if setting.Name == "appendfsync" {
				c.Require(slices.Contains(allowed, setting.Value), setting.Address, "appendfsync is %s", setting.Value)
			}
		}
	},
}

var snapshots = judge.Checker{
	ID:       "redis-snapshots",
	Expected: "every node is set to take snapshots, and the last went well",
	Needs:    []evidence.Name{evidence.RedisTopology.Name(), evidence.RedisNodes.Name(), evidence.RedisSettings.Name()},
	Judge: func(c *judge.Case) {
		if !onOwnDisks(c) {
			return
		}
		for _, node := range running(c) {
			if !node.SnapshotOK {
				c.FailWith(node.Address, "see that its folder has room and can be written to, and run BGSAVE", "its last snapshot (RDB) failed")
				continue
			}
			c.Saw()
			c.Note("the last snapshot of %s went well", node.Address)
		}
		for _, setting := range judge.Read(c, evidence.RedisSettings) {
			if setting.Name == "save" {
				c.Require(setting.Value != "", setting.Address, "it takes no snapshots: save is empty; the guide has 900 1 300 10 60 10000")
			}
		}
	},
}

var backupAge = judge.Checker{
	ID:       "redis-backup-age",
	Expected: "every node's snapshot is recent, or nothing has changed since",
	Needs:    []evidence.Name{evidence.RedisTopology.Name(), evidence.RedisNodes.Name()},
	Judge: func(c *judge.Case) {
		limit := c.Duration("snapshotAge")
		c.Expect("every node's last good snapshot is no older than %s, or nothing has changed since", limit)
		if !onOwnDisks(c) {
			return
		}
		for _, node := range running(c) {
			age := time.Duration(node.SnapshotSecondsAgo * float64(time.Second)).Round(time.Second)
			switch {
			case !node.SnapshotOK:
				c.FailWith(node.Address, "see that its folder has room and can be written to, and run BGSAVE", "its last snapshot failed; the one before is at least %s old", age)
			case age > limit && node.Changes > 0:
				c.FailWith(node.Address, "run BGSAVE, and see that save is set", "its last snapshot is %s old, with %d changes since", age, node.Changes)
			default:
				c.Saw()
				c.Note("the snapshot of %s is %s old", node.Address, age)
			}
		}
	},
}

var authentication = judge.Checker{
	ID:       "redis-authentication",
	Expected: "no node of Redis answers somebody without a password",
	Needs:    []evidence.Name{evidence.RedisAccess.Name()},
	Judge: func(c *judge.Case) {
		for _, door := range judge.Read(c, evidence.RedisAccess) {
			if !door.Closed {
				c.FailWith(door.Address, "run ACL SETUSER default off, and give each application a user of its own", "it answers %s to somebody without a password", door.Answer)
				continue
			}
			c.Saw()
			c.Note("%s refuses", door.Address)
		}
	},
}

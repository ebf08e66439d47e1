package cache_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/redis"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/cache"
	"gatehouse/checks/target"
	"gatehouse/report/readiness"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

// How long servers have to notice, and how often they are asked.
const (
	readyLimit = 40 * time.Second
	poll       = 100 * time.Millisecond
)

// live is a cluster and the stage before it.
type live struct {
	*datatest.Redis
	checkstest.Stage
	// whole is the test of all scenes: what a scene mends at its end outlives the
	// scene's own context.
	whole *testing.T
}

// thresholds are the checklist's.
func thresholds(t *testing.T) judge.Thresholds {
	t.Helper()
	return checkstest.Figures(t, judge.Thresholds{"snapshotAge": "24h"},
		"redisVersion", "shards", "sentinels", "redisReplicas", "replicaSilence", "memoryMiB", "memoryPercent", "evictionPolicies", "appendFsync")
}

func start(t *testing.T, r *datatest.Redis) live {
	t.Helper()
	l := live{Redis: r, whole: t}
	l.Stage = checkstest.Stage{Checkers: cache.Checkers(), Thresholds: thresholds(t), Readers: l.readers, Limit: 3 * time.Second}
	return l
}

func (l live) readers(t *testing.T) []evidence.Reader {
	t.Helper()
	where := target.Redis{
		Addresses: l.Addresses, User: data.MonitorUser, Password: target.Secret{File: l.Users[data.MonitorUser]}, TLS: true, CA: l.CA,
	}
	if len(l.Sentinels) > 0 {
		where.Addresses, where.Sentinel = l.Sentinels, l.Primary
	}
	c, err := redis.New(t.Context(), where)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c.Readers()
}

// deny takes a right away from the user of the checks, on every node.
func (l live) deny(rules ...any) func(*testing.T) {
	return func(t *testing.T) {
		for _, node := range l.Nodes {
			l.Do(t, node, append([]any{"ACL", "SETUSER", data.MonitorUser}, rules...)...)
		}
		t.Cleanup(func() {
			for _, node := range l.Nodes {
				for _, rule := range rules {
					l.Do(t, node, "ACL", "SETUSER", data.MonitorUser, strings.Replace(rule.(string), "-", "+", 1))
				}
			}
		})
	}
}

func (l live) hang(t *testing.T) {
	l.Nodes[1].Pause(t)
	t.Cleanup(func() {
		l.Nodes[1].Resume(t)
		l.settled(t)
	})
}

// stop ends a node until the scene ends, and waits until the others know.
func (l live) stop(i int) func(*testing.T) {
	return func(t *testing.T) {
		l.Nodes[i].Stop(t)
		t.Cleanup(func() {
			l.Nodes[i].Start(l.whole)
			l.settled(t)
		})
		l.Await(t, l.Nodes[0], "slave,fail ", "CLUSTER", "NODES")
	}
}

// settled waits until the checkers that need a whole cluster have one again.
func (l live) settled(t *testing.T) {
	require.Eventually(t, func() bool {
		for _, id := range []string{"redis-reachable", "redis-cluster-serves", "redis-replicas"} {
			if l.Judge(l.whole, id).Verdict != readiness.Pass {
				return false
			}
		}
		return true
	}, readyLimit, poll)
}

func (l live) configure(name, value string) func(*testing.T) {
	return func(t *testing.T) { l.Configure(t, l.Nodes[2], name, value) }
}

func TestAgainstLiveCluster(t *testing.T) {
	l := start(t, datatest.RedisCluster(t))
	// The sentinels' own checker has a test of its own.
	for i, k := range l.Checkers {
		if k.ID == "redis-sentinel-quorum" {
			l.Checkers = append(l.Checkers[:i:i], l.Checkers[i+1:]...)
			break
		}
	}
	noInfo, noTopology, noConfig := l.deny("-info"), l.deny("-cluster|nodes"), l.deny("-config|get")
	l.Play(t, []checkstest.Scene{
		{Checker: "redis-reachable", Break: l.stop(5), Found: "refuses connections", Blind: noTopology, Why: "cluster|nodes"},
		// There is only one version here: what is asked for grows instead.
		{Checker: "redis-version", Break: l.raise("redisVersion", 99), Found: "it runs version 7", Blind: noInfo, Why: "grant +info"},
		{Checker: "redis-cluster-serves", Break: l.loseShard, Found: "slots assigned", Blind: l.deny("-cluster|info"), Why: "grant +cluster|info"},
		{Checker: "redis-replicas", Break: l.stop(5), Found: "0 of 1 replicas", Blind: noInfo, Why: "grant +info"},
		{Checker: "redis-memory", Break: l.configure("maxmemory", "0"), Found: "maxmemory is not set", Blind: l.hang, Why: "no answer within"},
		{Checker: "redis-eviction-policy", Break: l.configure("maxmemory-policy", "noeviction"), Found: "maxmemory-policy is noeviction", Blind: noInfo, Why: "grant +info"},
		{Checker: "redis-append-only", Break: l.configure("appendonly", "no"), Found: "writes no append-only file", Blind: noConfig, Why: "grant +config|get"},
		{Checker: "redis-snapshots", Break: func(t *testing.T) { l.BreakSnapshots(t, l.Nodes[2]) }, Found: "its last snapshot (RDB) failed", Blind: noConfig, Why: "grant +config|get"},
		{Checker: "redis-backup-age", Break: l.stale, Found: "with 1 changes since", Blind: noInfo, Why: "grant +info"},
		{Checker: "redis-authentication", Break: l.open, Found: "it answers PONG", Blind: noTopology, Why: "'cluster|nodes'"},
	}...)
}

// raise asks for more than this machine can be made to have.
func (l live) raise(name string, value any) func(*testing.T) {
	return func(t *testing.T) {
		before := l.Thresholds[name]
		l.Thresholds[name] = value
		t.Cleanup(func() { l.Thresholds[name] = before })
	}
}

// loseShard stops a primary and its replica: nobody can take its slots.
func (l live) loseShard(t *testing.T) {
	l.Nodes[5].Stop(t)
	l.Nodes[2].Stop(t)
	t.Cleanup(func() {
		l.Nodes[2].Start(l.whole)
		l.Nodes[5].Start(l.whole)
		l.settled(t)
	})
	l.Await(t, l.Nodes[0], "cluster_state:fail", "CLUSTER", "INFO")
}

// stale allows no age at all, and changes something after the snapshot.
func (l live) stale(t *testing.T) {
	l.raise("snapshotAge", "0s")(t)
	l.Snapshot(t, l.Nodes[0], "ok")
	for _, key := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} { // one of them is this node's
		if _, err := l.Client(t, l.Nodes[0], data.AdminUser).Set(t.Context(), key, "1", 0).Result(); err == nil {
			t.Cleanup(func() {
				l.Do(t, l.Nodes[0], "DEL", key)
				l.Snapshot(t, l.Nodes[0], "ok")
			})
			break
		}
	}
	l.Await(t, l.Nodes[0], "rdb_changes_since_last_save:1", "INFO", "persistence")
	require.Eventually(t, func() bool { return l.Judge(t, "redis-backup-age").Verdict == readiness.Fail }, readyLimit, poll)
}

// open lets anybody in to one node.
func (l live) open(t *testing.T) {
	l.Do(t, l.Nodes[1], "ACL", "SETUSER", "default", "on", "nopass", "+ping")
	t.Cleanup(func() { l.Do(t, l.Nodes[1], "ACL", "SETUSER", "default", "off", "resetpass", "-@all") })
}

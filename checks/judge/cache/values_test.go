package cache_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/cache"
	"gatehouse/report/readiness"
)

// judged is the verdict of one checker on values.
func judged(t *testing.T, id string, facts evidence.Facts, over judge.Thresholds) readiness.Judgement {
	t.Helper()
	return checkstest.Over(t, cache.Checkers(), id, judge.Environment{}, thresholds(t).With(over), facts)
}

// shard is a primary and a replica that are as they must be.
func shard() (evidence.RedisMap, []evidence.RedisNode) {
	return evidence.RedisMap{Members: []evidence.RedisMember{
			{ID: "p", Address: "10.0.0.1:6379", Primary: true, Slots: 16384}, {ID: "r", Address: "10.0.0.2:6379", Of: "p"},
		}}, []evidence.RedisNode{
			{
				Address: "10.0.0.1:6379", Primary: true, Version: "7.0.1", UsedBytes: 1, MaxBytes: 256 << 20, Policy: "allkeys-lru",
				AppendOnly: true, AppendOK: true, RewriteOK: true, SnapshotOK: true,
			},
			{
				Address: "10.0.0.2:6379", Version: "7.0.1", LinkUp: true, LinkSeconds: 10, UsedBytes: 1, MaxBytes: 256 << 20, Policy: "allkeys-lru",
				AppendOnly: true, AppendOK: true, RewriteOK: true, SnapshotOK: true,
			},
		}
}

func TestReplicas(t *testing.T) {
	lost := evidence.Problem{Kind: evidence.TimedOut, Message: "10.0.0.2:6379 cannot be asked"}
	for name, c := range map[string]struct {
		change   func(*evidence.RedisMap, *[]evidence.RedisNode)
		problems []evidence.Problem
		want     readiness.Verdict
	}{
		"as it must be": {want: readiness.Pass},
		"no replica":    {change: func(m *evidence.RedisMap, _ *[]evidence.RedisNode) { m.Members = m.Members[:1] }, want: readiness.Fail},
		"held to be down": {
			change: func(m *evidence.RedisMap, _ *[]evidence.RedisNode) { m.Members[1].Failed = true }, want: readiness.Fail,
		},
		"on one host": {change: func(m *evidence.RedisMap, n *[]evidence.RedisNode) {
			m.Members[1].Address, (*n)[1].Address = "10.0.0.1:6380", "10.0.0.1:6380"
		}, want: readiness.Fail},
		"link down":     {change: func(_ *evidence.RedisMap, n *[]evidence.RedisNode) { (*n)[1].LinkUp = false }, want: readiness.Fail},
		"silent":        {change: func(_ *evidence.RedisMap, n *[]evidence.RedisNode) { (*n)[1].LinkSeconds = 31 }, want: readiness.Fail},
		"could not ask": {change: func(_ *evidence.RedisMap, n *[]evidence.RedisNode) { *n = (*n)[:1] }, problems: []evidence.Problem{lost}, want: readiness.Unknown},
		"refused": {change: func(_ *evidence.RedisMap, n *[]evidence.RedisNode) {
			(*n)[1] = evidence.RedisNode{Address: "10.0.0.2:6379", Refused: true}
		}, want: readiness.Unknown},
		"loading":         {change: func(_ *evidence.RedisMap, n *[]evidence.RedisNode) { (*n)[1].Loading = true }, want: readiness.Unknown},
		"an empty one":    {change: func(m *evidence.RedisMap, _ *[]evidence.RedisNode) { m.Members[0].Slots = 0 }, want: readiness.Unknown},
		"of another":      {change: func(m *evidence.RedisMap, _ *[]evidence.RedisNode) { m.Members[1].Of = "q" }, want: readiness.Fail},
		"behind sentinel": {change: func(m *evidence.RedisMap, _ *[]evidence.RedisNode) { m.Members[0].Slots, m.Sentinel = 0, true }, want: readiness.Pass},
	} {
		topology, nodes := shard()
		if c.change != nil {
			c.change(&topology, &nodes)
		}
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.RedisTopology, topology)
		evidence.Fix(facts, evidence.RedisNodes, nodes, c.problems...)
		j := judged(t, "redis-replicas", facts, nil)
		require.Equal(t, c.want, j.Verdict, "%s: %s", name, j.Found)
	}
}

func TestSlots(t *testing.T) {
	good := evidence.RedisClusterState{OK: true, Assigned: 16384, Serving: 16384, Shards: 3}
	for name, c := range map[string]struct {
		change func(*evidence.RedisClusterState)
		want   readiness.Verdict
	}{
		"all":        {func(*evidence.RedisClusterState) {}, readiness.Pass},
		"one less":   {func(s *evidence.RedisClusterState) { s.Serving-- }, readiness.Fail},
		"suspect":    {func(s *evidence.RedisClusterState) { s.Suspect = 1 }, readiness.Fail},
		"two shards": {func(s *evidence.RedisClusterState) { s.Shards = 2 }, readiness.Fail},
		"not ok":     {func(s *evidence.RedisClusterState) { s.OK = false }, readiness.Fail},
	} {
		state := good
		c.change(&state)
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.RedisTopology, evidence.RedisMap{})
		evidence.Fix(facts, evidence.RedisClusters, []evidence.RedisClusterState{state})
		require.Equal(t, c.want, judged(t, "redis-cluster-serves", facts, nil).Verdict, name)
	}
}

func TestSentinels(t *testing.T) {
	good := evidence.RedisSentinel{Primary: "p", Quorum: 2, Reachable: true, Others: 2, Answer: "OK 3 usable Sentinels. Quorum and failover authorization can be reached"}
	for name, c := range map[string]struct {
		change func(*evidence.RedisSentinel)
		want   readiness.Verdict
	}{
		"all":             {func(*evidence.RedisSentinel) {}, readiness.Pass},
		"two are left":    {func(s *evidence.RedisSentinel) { s.Answer = "OK 2 usable Sentinels." }, readiness.Fail},
		"no quorum":       {func(s *evidence.RedisSentinel) { s.Reachable = false }, readiness.Fail},
		"another primary": {func(s *evidence.RedisSentinel) { s.Primary = "q" }, readiness.Fail},
		"quorum of one":   {func(s *evidence.RedisSentinel) { s.Quorum = 1 }, readiness.Fail},
		"down":            {func(s *evidence.RedisSentinel) { s.Down = true }, readiness.Fail},
	} {
		changed := good
		c.change(&changed)
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.RedisTopology, evidence.RedisMap{Sentinel: true})
		evidence.Fix(facts, evidence.RedisSentinels, []evidence.RedisSentinel{good, changed, good})
		require.Equal(t, c.want, judged(t, "redis-sentinel-quorum", facts, nil).Verdict, name)
	}
}

func TestMemory(t *testing.T) {
	for name, c := range map[string]struct {
		node evidence.RedisNode
		want readiness.Verdict
	}{
		"no limit":     {evidence.RedisNode{UsedBytes: 1}, readiness.Fail},
		"small":        {evidence.RedisNode{MaxBytes: 256<<20 - 1}, readiness.Fail},
		"just enough":  {evidence.RedisNode{MaxBytes: 1000 << 20, UsedBytes: 900 << 20}, readiness.Pass},
		"nearly full":  {evidence.RedisNode{MaxBytes: 1000 << 20, UsedBytes: 901 << 20}, readiness.Fail},
		"still loads":  {evidence.RedisNode{MaxBytes: 1000 << 20, Loading: true}, readiness.Unknown},
		"nobody there": {evidence.RedisNode{Refused: true}, readiness.Unknown},
	} {
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.RedisNodes, []evidence.RedisNode{c.node})
		require.Equal(t, c.want, judged(t, "redis-memory", facts, nil).Verdict, name)
	}
}

func TestManagedNodesHaveNoFilesToJudge(t *testing.T) {
	_, nodes := shard()
	for _, id := range []string{"redis-append-only", "redis-snapshots", "redis-backup-age"} {
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.RedisTopology, evidence.RedisMap{Managed: true})
		evidence.Fix(facts, evidence.RedisNodes, nodes)
		evidence.Fix(facts, evidence.RedisSettings, nil, evidence.Problem{Kind: evidence.Unsupported, Message: "hidden"})
		j := judged(t, id, facts, nil)
		require.Equal(t, readiness.NotApplicable, j.Verdict, "%s: %s", id, j.Found)
		require.Contains(t, j.Found, "replicas")
	}
}

func TestPersistence(t *testing.T) {
	topology, nodes := shard()
	settings := func(fsync, save string) []evidence.RedisSetting {
		return []evidence.RedisSetting{{Address: "a", Name: "appendfsync", Value: fsync}, {Address: "a", Name: "save", Value: save}}
	}
	facts := evidence.Facts{}
	evidence.Fix(facts, evidence.RedisTopology, topology)
	evidence.Fix(facts, evidence.RedisNodes, nodes)
	evidence.Fix(facts, evidence.RedisSettings, settings("no", ""))
	require.Contains(t, judged(t, "redis-append-only", facts, nil).Found, "appendfsync is no")
	require.Contains(t, judged(t, "redis-snapshots", facts, nil).Found, "save is empty")
	evidence.Fix(facts, evidence.RedisSettings, settings("everysec", "900 1"))
	require.Equal(t, readiness.Pass, judged(t, "redis-append-only", facts, nil).Verdict)
	require.Equal(t, readiness.Pass, judged(t, "redis-snapshots", facts, nil).Verdict)

	nodes[0].SnapshotSecondsAgo = 90000
	require.Equal(t, readiness.Pass, judged(t, "redis-backup-age", facts, nil).Verdict, "nothing has changed since")
	nodes[0].Changes = 1
	require.Equal(t, readiness.Fail, judged(t, "redis-backup-age", facts, nil).Verdict)
	nodes[0].AppendOK = false
	require.Contains(t, judged(t, "redis-append-only", facts, nil).Found, "failed")
}

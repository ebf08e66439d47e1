package cache_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/judge"
	"gatehouse/report/readiness"
	"gatehouse/sandbox/data/datatest"
)

func TestAgainstLiveSentinels(t *testing.T) {
	l := start(t, datatest.Sentinel(t))
	all := l.Checkers
	require.Eventually(t, func() bool {
		return l.Judge(t, "redis-sentinel-quorum").Verdict == readiness.Pass && l.Judge(t, "redis-replicas").Verdict == readiness.Pass
	}, readyLimit, poll)
	for _, k := range all {
		if k.ID == "redis-sentinel-quorum" {
			l.Checkers = []judge.Checker{k}
		}
	}
	l.Play(t, checkstest.Scene{
		Checker: "redis-sentinel-quorum", Break: l.loseQuorum, Found: "no failover is possible",
		Blind: func(t *testing.T) {
			l.SentinelNodes[0].Pause(t)
			t.Cleanup(func() {
				l.SentinelNodes[0].Resume(t)
				l.quorum(t)
			})
		}, Why: "no answer within",
	})
	l.Checkers = all
	require.Equal(t, readiness.NotApplicable, l.Judge(t, "redis-cluster-serves").Verdict)
	for _, id := range []string{"redis-replicas", "redis-memory", "redis-append-only", "redis-snapshots", "redis-authentication", "redis-reachable"} {
		j := l.Judge(t, id)
		require.Equal(t, readiness.Pass, j.Verdict, "%s: %s %s", id, j.Found, j.Reasons)
	}
	l.Nodes[0].Stop(t) // a failover: the primary of the next question is another
	require.Eventually(t, func() bool {
		j := l.Judge(t, "redis-replicas")
		return j.Verdict == readiness.Fail && j.Failures[0].Where != l.Addresses[1]
	}, readyLimit, poll)
}

// loseQuorum stops two of three sentinels.
func (l live) loseQuorum(t *testing.T) {
	for _, s := range l.SentinelNodes[1:] {
		s.Stop(t)
	}
	t.Cleanup(func() {
		for _, s := range l.SentinelNodes[1:] {
			s.Start(l.whole)
		}
		l.quorum(t)
	})
	require.Eventually(t, func() bool {
		j := l.Judge(t, "redis-sentinel-quorum")
		return j.Verdict == readiness.Fail && j.Failures[0].Found[:2] == "no"
	}, readyLimit, poll)
}

func (l live) quorum(t *testing.T) {
	require.Eventually(t, func() bool { return l.Judge(l.whole, "redis-sentinel-quorum").Verdict == readiness.Pass }, readyLimit, poll)
}

package kubernetestest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect"
	"gatehouse/checks/judge"
	"gatehouse/report/readiness"
)

// Right is a right of the reader, as the API server knows it.
type Right struct{ Verb, Group, Resource string }

// List is the right to list.
func List(group, resource string) Right { return Right{"list", group, resource} }

// Scene is a scene of one checker: it breaks the live thing, waits until the
// cluster shows it, and mends it in the end and waits for that. The reader is
// blinded by taking a right away.
func (w *World) Scene(stage checkstest.Stage, id string, breaking func(t *testing.T) (undo func()), found string, right Right) checkstest.Scene {
	settle := func(t *testing.T, want readiness.Verdict) {
		t.Helper()
		var last readiness.Judgement
		ok := func() bool {
			last = judged(t, stage, id)
			return last.Verdict == want
		}
		if !ok() {
			require.Eventually(t, ok, wait, 4*tick, "%s stays %s: %s", id, last.Verdict, last.Found)
		}
	}
	return checkstest.Scene{
		Checker: id, Found: found, Why: "denied",
		Break: func(t *testing.T) {
			undo := breaking(t)
			t.Cleanup(func() {
				undo()
				settle(t, readiness.Pass)
			})
			settle(t, readiness.Fail)
		},
		Blind: func(t *testing.T) { w.Blind(t, right.Verb, right.Group, right.Resource) },
	}
}

// judged is [checkstest.Stage.Judge] that works when the test is being cleaned
// up, too: its context has ended then.
func judged(t *testing.T, stage checkstest.Stage, id string) readiness.Judgement {
	t.Helper()
	i := slices.IndexFunc(stage.Checkers, func(k judge.Checker) bool { return k.ID == id })
	require.GreaterOrEqual(t, i, 0, id)
	k, env := stage.Checkers[i], stage.Environment
	env.Now = time.Now()
	plan := collect.Plan{Needs: k.Needs, Readers: stage.Readers(t), Now: time.Now}
	facts, _ := collect.Gather(context(), plan, collect.Limits{Each: 5 * time.Second})
	return k.Do(env, stage.Thresholds, facts)
}

// Changed lays the fields of a manifest over an object.
func (w *World) Changed(manifest string) func(t *testing.T) func() {
	return func(t *testing.T) func() { return w.Change(t, manifest) }
}

// Added makes an object.
func (w *World) Added(manifest string) func(t *testing.T) func() {
	return func(t *testing.T) func() { return w.Add(t, manifest) }
}

// Settled waits until checkers pass: until the cluster has taken the portal up.
func (w *World) Settled(t *testing.T, stage checkstest.Stage, ids ...string) {
	t.Helper()
	for _, id := range ids {
		require.Eventually(t, func() bool {
			j := stage.Judge(t, id)
			return j.Verdict == readiness.Pass
		}, wait, 4*tick, id)
	}
}

// Get is the right to get.
func Get(group, resource string) Right { return Right{"get", group, resource} }

// Create is the right to create.
func Create(group, resource string) Right { return Right{"create", group, resource} }

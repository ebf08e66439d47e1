// Package checkstest plays checkers against live systems: every checker passes,
// fails when the thing is truly broken, and cannot tell when it may not look.
package checkstest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/report/readiness"
)

// Scene is how one checker is put to the test.
type Scene struct {
	// Checker is its ID.
	Checker string
	// Break breaks the live thing, and mends it in t.Cleanup. It returns once
	// the system itself shows the breakage.
	Break func(t *testing.T)
	// Found is a part of what the failure must say.
	Found string
	// Blind takes the right to read away, or hangs the server, until t.Cleanup.
	Blind func(t *testing.T)
	// Why is a part of the reason that the checker must then give.
	Why string
}

// Stage is where scenes are played.
type Stage struct {
	Checkers    []judge.Checker
	Environment judge.Environment
	// Thresholds are those of the checklist's item that the checker serves.
	Thresholds judge.Thresholds
	// Readers connects to the live systems anew; it is called for every judging.
	// Connections are closed in t.Cleanup.
	Readers func(t *testing.T) []evidence.Reader
	// Limit is how long a query may take; short, so that hanging servers do not
	// hold the tests up. 0 means 5 s.
	Limit time.Duration
	// Missing is why a source has no readers.
	Missing map[evidence.Source]string
}

// Judge reads what one checker needs and judges it.
func (s Stage) Judge(t *testing.T, id string) readiness.Judgement {
	t.Helper()
	limit := s.Limit
	if limit == 0 {
		limit = 5 * time.Second
	}
	env := s.Environment
	if env.Now.IsZero() {
		env.Now = time.Now()
	}
	k := find(t, s.Checkers, id)
	plan := collect.Plan{Needs: k.Needs, Readers: s.Readers(t), Missing: s.Missing, Now: time.Now}
	facts, _ := collect.Gather(t.Context(), plan, collect.Limits{Each: limit})
	return k.Do(env, s.Thresholds, facts)
}

// Play plays every scene, and wants one for every checker of the stage.
func (s Stage) Play(t *testing.T, scenes ...Scene) {
	t.Helper()
	var played []string
	for _, scene := range scenes {
		played = append(played, scene.Checker)
		t.Run(scene.Checker, func(t *testing.T) {
			t.Run("pass", func(t *testing.T) { s.require(t, scene.Checker, readiness.Pass, "") })
			t.Run("fail", func(t *testing.T) {
				scene.Break(t)
				s.require(t, scene.Checker, readiness.Fail, scene.Found)
			})
			t.Run("unknown", func(t *testing.T) {
				scene.Blind(t)
				s.require(t, scene.Checker, readiness.Unknown, scene.Why)
			})
			t.Run("pass again", func(t *testing.T) { s.require(t, scene.Checker, readiness.Pass, "") })
		})
	}
	for _, k := range s.Checkers {
		require.Contains(t, played, k.ID, "a checker without a scene")
	}
}

func (s Stage) require(t *testing.T, id string, want readiness.Verdict, part string) {
	t.Helper()
	j := s.Judge(t, id)
	require.Equal(t, want, j.Verdict, "%s: %s", j.Found, j.Reasons)
	require.NotEmpty(t, j.Expected)
	require.Contains(t, j.Found, part)
}

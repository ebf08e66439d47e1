package checkstest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/report/readiness"
)

// Over judges facts by one of the checkers, which must be there. What is not
// among the facts was not read.
func Over(t *testing.T, checkers []judge.Checker, id string, env judge.Environment, thresholds judge.Thresholds, facts evidence.Facts) readiness.Judgement {
	t.Helper()
	return find(t, checkers, id).Do(env, thresholds, facts)
}

func find(t *testing.T, checkers []judge.Checker, id string) judge.Checker {
	t.Helper()
	at := slices.IndexFunc(checkers, func(k judge.Checker) bool { return k.ID == id })
	require.GreaterOrEqual(t, at, 0, "no such checker: %s", id)
	return checkers[at]
}

// Troubled is a fact with the problem that reading it had, if problems has one.
func Troubled[T any](facts evidence.Facts, q evidence.Query[T], value T, problems map[evidence.Name]evidence.Problem) {
	if p, has := problems[q.Name()]; has {
		evidence.Fix(facts, q, value, p)
		return
	}
	evidence.Fix(facts, q, value)
}

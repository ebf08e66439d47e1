package compare_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/compare"
	"gatehouse/report/readiness"
	"gatehouse/report/results/resultstest"
)

// anyRun is a run of some items and findings, alike enough that two of them
// share most.
func anyRun(t *rapid.T, name string) readiness.Run {
	run := readiness.Run{ID: name, Environment: "staging"}
	for _, id := range rapid.SliceOfNDistinct(rapid.IntRange(1, 6), 0, 6, rapid.ID).Draw(t, name+" items") {
		evidence := fmt.Sprintf("e%d", id)
		item := readiness.Item{
			ID: fmt.Sprintf("DB-%d", id), Severity: rapid.SampledFrom(report.Severities).Draw(t, "severity"),
			Verdict: rapid.SampledFrom(readiness.Verdicts).Draw(t, "verdict"), Found: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "found"),
			Evidence: []string{evidence}, Vacuous: rapid.Bool().Draw(t, "vacuous"),
		}
		if kind := rapid.SampledFrom([]string{"", readiness.Waived, readiness.Attested}).Draw(t, "overlay"); kind != "" {
			item.Overlay = &readiness.Overlay{Kind: kind, By: "Ada", Expires: "2027-01-01"}
		}
		run.Items = append(run.Items, item)
		run.Evidence = append(run.Evidence, readiness.Evidence{
			ID: evidence, SHA256: resultstest.Digest(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "content")),
		})
	}
	if rapid.Bool().Draw(t, "policies") {
		run.Policies = &readiness.Policies{Rules: []readiness.PolicyRule{{ID: "r1"}, {ID: "r2"}}}
		for range rapid.IntRange(0, 5).Draw(t, "findings") {
			run.Policies.Findings = append(run.Policies.Findings, report.Finding{
				Rule: rapid.SampledFrom([]string{"r1", "r2", "r3"}).Draw(t, "rule"), Severity: report.High,
				Resource: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "resource"),
				Verdict:  rapid.SampledFrom([]report.Verdict{report.Deny, report.Undecided, report.Error}).Draw(t, "decision"),
				Waived:   rapid.Bool().Draw(t, "waived"), Message: rapid.SampledFrom([]string{"m", "n"}).Draw(t, "message"),
			})
		}
	}
	return run
}

// size is how many items and findings two runs have between them.
func size(a, b readiness.Run) int {
	all := map[string]bool{}
	for _, run := range []readiness.Run{a, b} {
		for _, item := range run.Items {
			all[item.ID] = true
		}
		if run.Policies != nil {
			for _, f := range run.Policies.Findings {
				all[f.Rule+" on "+f.Resource] = true
			}
		}
	}
	return len(all)
}

func TestARunIsLikeItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := anyRun(t, "run")
		c := compare.Runs(run, run)
		require.Empty(t, c.Changes)
		require.Empty(t, c.Findings)
		require.Equal(t, size(run, run), c.Same)
		require.False(t, c.Worsened)
	})
}

func TestCountsAddUpAndTheOrderIsWorstFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRun(t, "before"), anyRun(t, "after")
		c := compare.Runs(a, b)
		require.Equal(t, size(a, b), c.Better+c.Worse+c.New+c.Gone+c.Incomparable+c.Changed+c.Same)
		require.Equal(t, c.Worse+c.Incomparable > 0, c.Worsened)
		for _, list := range [][]readiness.Change{c.Changes, c.Findings} {
			require.True(t, slices.IsSortedFunc(list, func(a, b readiness.Change) int {
				return slices.Index(readiness.Directions, a.Direction) - slices.Index(readiness.Directions, b.Direction)
			}))
			for _, change := range list {
				require.Contains(t, readiness.Directions, change.Direction)
				require.NotEmpty(t, change.Why)
				require.NotNil(t, change.Evidence)
				switch change.Direction {
				case readiness.New:
					require.Empty(t, change.Before)
				case readiness.Gone:
					require.Empty(t, change.After)
				}
			}
		}
		require.Equal(t, c, compare.Runs(a, b), "the same runs make the same comparison")
	})
}

// back is what a direction may be when the runs are swapped. A waiver that is
// laid is a change one way and worse the other; what is not known any more is
// better or worse when it becomes known.
var back = map[readiness.Direction][]readiness.Direction{
	readiness.Better:       {readiness.Worse, readiness.Incomparable},
	readiness.Worse:        {readiness.Better, readiness.Incomparable, readiness.Changed},
	readiness.Changed:      {readiness.Changed, readiness.Worse},
	readiness.New:          {readiness.Gone, readiness.Incomparable},
	readiness.Gone:         {readiness.New},
	readiness.Incomparable: {readiness.Better, readiness.Worse, readiness.New},
}

func TestSwappedRunsMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRun(t, "before"), anyRun(t, "after")
		there, again := compare.Runs(a, b), compare.Runs(b, a)
		for _, list := range [][2][]readiness.Change{{there.Changes, again.Changes}, {there.Findings, again.Findings}} {
			require.Len(t, list[1], len(list[0]))
			for _, change := range list[0] {
				i := slices.IndexFunc(list[1], func(c readiness.Change) bool { return c.ID == change.ID && c.Resource == change.Resource })
				require.GreaterOrEqual(t, i, 0)
				require.Contains(t, back[change.Direction], list[1][i].Direction, "%+v", change)
				require.Equal(t, change.Before, list[1][i].After)
			}
		}
	})
}

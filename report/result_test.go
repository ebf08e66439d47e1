package report_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
)

// ordered are findings as a report shows them, each of which differs from the
// one before in one thing that counts.
var ordered = []report.Finding{
	{Verdict: report.Error, Severity: report.Low, Rule: "z"},
	{Verdict: report.Deny, Severity: report.Critical, Rule: "z"},
	{Verdict: report.Deny, Severity: report.High, Rule: "a", Resource: "b"},
	{Verdict: report.Deny, Severity: report.High, Rule: "b", Resource: "a", Path: "z"},
	{Verdict: report.Deny, Severity: report.High, Rule: "b", Resource: "b", Path: "a", Message: "z"},
	{Verdict: report.Deny, Severity: report.High, Rule: "b", Resource: "b", Path: "b", Message: "a"},
	{Verdict: report.Deny, Severity: report.High, Rule: "b", Resource: "b", Path: "b", Message: "b"},
	{Verdict: report.Deny, Severity: report.Low, Rule: "a"},
	{Verdict: report.Undecided, Severity: report.Critical, Rule: "a"},
	{Verdict: report.Error, Severity: report.Critical, Rule: "a", Waived: true},
	{Verdict: report.Deny, Severity: report.Low, Rule: "a", Waived: true},
}

func TestCompare(t *testing.T) {
	for i, a := range ordered {
		for n, b := range ordered {
			c := report.Compare(a, b)
			require.Equal(t, i < n, c < 0, "%v and %v", a, b)
			require.Equal(t, i == n, c == 0, "%v and %v", a, b)
		}
	}
}

// Findings are sorted and counted, whatever their order was and however often it
// is done.
func TestFinish(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		given := slices.Clone(ordered)
		random.Shuffle(len(given), func(i, n int) { given[i], given[n] = given[n], given[i] })
		r := report.Result{Findings: given, Summary: report.Summary{Unmatched: []string{"b", "a"}}}
		for range 2 {
			r.Finish(report.High)
			require.Equal(t, ordered, r.Findings)
			require.Equal(t, report.Summary{
				Deny: 7, Undecided: 1, Error: 1, Waived: 2, Failed: true, Disabled: []string{}, Unmatched: []string{"a", "b"},
				BySeverity: map[report.Severity]int{report.Critical: 1, report.High: 5, report.Low: 1},
			}, r.Summary)
			require.Equal(t, report.High, r.FailOn)
		}
	}
}

// Nothing found is a list without elements, and no failure.
func TestFinishNothing(t *testing.T) {
	var r report.Result
	r.Finish(report.Low)
	require.Equal(t, []report.Finding{}, r.Findings)
	require.Equal(t, report.Summary{Disabled: []string{}, Unmatched: []string{}, BySeverity: map[report.Severity]int{}}, r.Summary)
}

// What alike findings differ in besides keeps the order that it came in.
func TestFinishIsStable(t *testing.T) {
	given := []report.Finding{{Rule: "b"}, {Rule: "a", Diff: "2"}, {Rule: "a", Diff: "1"}}
	r := report.Result{Findings: given}
	r.Finish("")
	require.Equal(t, []report.Finding{{Rule: "a", Diff: "2"}, {Rule: "a", Diff: "1"}, {Rule: "b"}}, r.Findings)
}

package compare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/compare"
	"gatehouse/report/readiness"
)

func TestFindingsThatCameAndWent(t *testing.T) {
	finding := func(r *readiness.Run) *report.Finding { return &r.Policies.Findings[0] }
	for name, c := range map[string]struct {
		before, after func(*readiness.Run)
		want          readiness.Direction
		why           string
	}{
		"came":             {func(r *readiness.Run) { r.Policies.Findings = nil }, nil, readiness.Worse, "it came: storageEncrypted: it is off"},
		"went":             {nil, func(r *readiness.Run) { r.Policies.Findings = nil }, readiness.Better, "it went: storageEncrypted: it is off"},
		"came waived":      {func(r *readiness.Run) { r.Policies.Findings = nil }, func(r *readiness.Run) { finding(r).Waived = true }, readiness.New, "it came, and is waived"},
		"went waived":      {func(r *readiness.Run) { finding(r).Waived = true }, func(r *readiness.Run) { r.Policies.Findings = nil }, readiness.Gone, "and so did the need"},
		"waiver laid":      {nil, func(r *readiness.Run) { finding(r).Waived = true }, readiness.Changed, "it was deny and is deny (waived)"},
		"waiver ended":     {func(r *readiness.Run) { finding(r).Waived = true }, nil, readiness.Worse, "it was deny (waived) and is deny"},
		"not decided":      {nil, func(r *readiness.Run) { finding(r).Verdict = report.Undecided }, readiness.Incomparable, "it was deny and is undecided"},
		"came undecided":   {func(r *readiness.Run) { r.Policies.Findings = nil }, func(r *readiness.Run) { finding(r).Verdict = report.Undecided }, readiness.Incomparable, "it came"},
		"other message":    {nil, func(r *readiness.Run) { finding(r).Message = "it is null" }, readiness.Changed, "something else was found: storageEncrypted: it is null"},
		"other severity":   {nil, func(r *readiness.Run) { finding(r).Severity = report.Low }, readiness.Changed, "its severity was critical and is low"},
		"policies not run": {nil, func(r *readiness.Run) { r.Policies, r.NoPolicies = nil, "no state" }, readiness.Incomparable, "this run did not run the policies: no state"},
		"policies first":   {func(r *readiness.Run) { r.Policies = nil }, nil, readiness.New, "the run before did not run the policies"},
		"rule off":         {nil, func(r *readiness.Run) { r.Policies.Rules, r.Policies.Findings = nil, nil }, readiness.Gone, "the rule is not on any more"},
		"rule on":          {func(r *readiness.Run) { r.Policies.Rules, r.Policies.Findings = nil, nil }, nil, readiness.New, "the rule was not on before"},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := staging(0), staging(1)
			if c.before != nil {
				c.before(&before)
			}
			if c.after != nil {
				c.after(&after)
			}
			got := compare.Runs(before, after)
			require.Empty(t, got.Changes)
			require.Len(t, got.Findings, 1)
			require.Equal(t, c.want, got.Findings[0].Direction)
			require.Contains(t, got.Findings[0].Why, c.why)
			require.Equal(t, "aws-rds-encrypted", got.Findings[0].ID)
			require.Contains(t, got.Findings[0].Resource, "::db")
		})
	}
}

// Another property of the same resource is another finding; the worst of those
// at one place stands for it.
func TestFindingsAreToldApartByTheirPlace(t *testing.T) {
	before, after := staging(0), staging(1)
	f := after.Policies.Findings[0]
	f.Path = "performanceInsights"
	g := after.Policies.Findings[0]
	g.Waived = true
	after.Policies.Findings = []report.Finding{g, after.Policies.Findings[0], f}
	c := compare.Runs(before, after)
	require.Len(t, c.Findings, 1)
	require.Equal(t, "it came: performanceInsights: it is off", c.Findings[0].Why)
	require.Equal(t, 1, c.Worse)
}

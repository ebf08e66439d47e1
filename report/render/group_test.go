package render

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
)

// Findings come together in whatever order they stand, and none of those that are
// given is touched.
func TestGroupsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []report.Finding
		for i := range rapid.IntRange(0, 80).Draw(t, "findings") {
			all = append(all, report.Finding{
				Rule: fmt.Sprint(rapid.IntRange(0, 2).Draw(t, "rule")), Resource: fmt.Sprint(rapid.IntRange(10, 60).Draw(t, "resource")),
				Message: fmt.Sprint(i),
			})
		}
		if rapid.Bool().Draw(t, "sorted") {
			slices.SortStableFunc(all, report.Compare)
		}
		given := slices.Clone(all)
		by := map[string][]report.Finding{}
		for _, f := range all {
			by[f.Rule] = append(by[f.Rule], f)
		}
		found := groups(all, byRule)
		require.Len(t, found, len(by))
		for _, g := range found {
			require.Equal(t, by[g.first().Rule], g.findings)
			shown, more := few(g.findings)
			named := map[string]bool{}
			var want []report.Finding
			for _, f := range g.findings {
				if len(named) < mostResources {
					named[f.Resource] = true
				}
				if named[f.Resource] {
					want = append(want, f)
				}
			}
			require.Equal(t, want, shown)
			require.Equal(t, resources(g.findings)-len(named), more)
		}
		require.Equal(t, given, all)
	})
}

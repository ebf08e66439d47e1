package evaluate

import (
	"cmp"
	"slices"

	"gatehouse/policies/input"
	"gatehouse/report"
)

// kindOf is what findings have in common that come together in a result: they are
// of one severity, too.
type kindOf struct {
	rule    string
	verdict report.Verdict
}

// ordered brings what was found of each resource, and of the whole, into the order
// of [report.Compare]. Only the resources are sorted, and each finding is copied
// once: they are large, and there may be many of a few kinds.
func ordered(resources []input.Resource, found [][]report.Finding, whole []report.Finding) []report.Finding {
	order := make([]int, len(resources))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(resources[a].URN, resources[b].URN) })
	kinds, total := map[kindOf][]*report.Finding{}, 0
	add := func(findings []report.Finding) {
		total += len(findings)
		for i := range findings {
			kind := kindOf{findings[i].Rule, findings[i].Verdict}
			kinds[kind] = append(kinds[kind], &findings[i])
		}
	}
	for _, i := range order {
		add(found[i])
	}
	add(whole)
	parts := make([][]*report.Finding, 0, len(kinds))
	for _, part := range kinds {
		if !slices.IsSortedFunc(part, compareAlike) {
			slices.SortStableFunc(part, compareAlike)
		}
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b []*report.Finding) int { return report.Compare(*a[0], *b[0]) })
	all := make([]report.Finding, 0, total)
	for _, part := range parts {
		for _, f := range part {
			all = append(all, *f)
		}
	}
	return all
}

// compareAlike is [report.Compare] of findings of one kind.
func compareAlike(a, b *report.Finding) int {
	if c := cmp.Compare(a.Resource, b.Resource); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return cmp.Compare(a.Message, b.Message)
}

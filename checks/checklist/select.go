package checklist

import (
	"fmt"
	"path"
	"strings"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Select returns the items of a phase ("all" for every one) whose IDs match one
// of the patterns, where * stands for anything: DB-*, NET-3. No pattern means
// every item. A pattern that matches none is an error.
func Select(items []Item, phase string, patterns []string) ([]Item, error) {
	switch readiness.Phase(phase) {
	case "all", readiness.PreDeploy, readiness.PostDeploy, readiness.Periodic:
	default:
		return nil, fmt.Errorf("unknown phase %q: pre-deploy, post-deploy, periodic or all", phase)
	}
	matched := make([]bool, len(patterns))
	var chosen []Item
	for _, item := range items {
		wanted := len(patterns) == 0
		for i, pattern := range patterns {
			ok, err := path.Match(strings.ToUpper(pattern), item.ID)
			if err != nil {
				return nil, fmt.Errorf("--select %q is no pattern: an ID such as DB-3, or DB-*", pattern)
			}
			if ok {
				wanted, matched[i] = true, true
			}
		}
		if wanted && (phase == "all" || item.Phase == readiness.Phase(phase)) {
			chosen = append(chosen, item)
		}
	}
	for i, pattern := range patterns {
		if !matched[i] {
			return nil, fmt.Errorf("no item is called %q%s", pattern, nearest(pattern, items))
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("none of the chosen items is of the phase %s; --phase all takes every one", phase)
	}
	return chosen, nil
}

func nearest(name string, items []Item) string {
	var ids []string
	for _, item := range items {
		ids = append(ids, item.ID)
	}
	if near := report.Nearest(strings.ToUpper(name), ids); near != "" {
		return ": did you mean " + near + "?"
	}
	return "; gatehouse check --list shows them"
}

// Package report_test tests the report with what comes from the floors above it:
// the checklist's items, the policies' rules, and real systems.
package report_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks"
	"gatehouse/policies"
	"gatehouse/policies/pack"
	"gatehouse/report"
	"gatehouse/report/frameworks"
	"gatehouse/report/readiness"
)

// noViews are the frameworks that items and rules name and that are no standard
// of the audit views.
var noViews = []string{"CIS AWS", "CIS Kubernetes", "Guide", "PSS"}

// Every requirement that an item or a rule names is one of a control: one that
// is mistyped would serve nothing, and nobody would see it.
func TestEveryRequirementIsOfAControl(t *testing.T) {
	standards := map[string]frameworks.Catalogue{}
	for _, c := range frameworks.Catalogues() {
		standards[c.Name] = c
	}
	check := func(who string, list []report.Framework) {
		for _, f := range list {
			standard, known := standards[f.Name]
			if !known {
				require.Contains(t, noViews, f.Name, "%s names a standard that is not known", who)
				continue
			}
			_, found := standard.Resolve(f.Requirement)
			require.True(t, found, "%s names %s %s, which is no control", who, f.Name, f.Requirement)
		}
	}
	items, err := checks.Checklist()
	require.NoError(t, err)
	for _, item := range items {
		check(item.ID, item.Frameworks)
		require.Len(t, slices.Compact(slices.Clone(item.Frameworks)), len(item.Frameworks), "%s names one requirement twice", item.ID)
	}
	p, err := pack.Load(policies.Rules())
	require.NoError(t, err)
	for _, rule := range p.Rules {
		check(rule.ID, rule.Frameworks)
	}
}

// Every item serves a control of the general standards, and every layer of an
// environment has items about it.
func TestEveryItemServesAControl(t *testing.T) {
	items, err := checks.Checklist()
	require.NoError(t, err)
	layers := map[string]int{}
	for _, item := range items {
		layers[item.Layer]++
		for _, standard := range []string{"SOC 2", "ISO 27001", "NIST 800-53"} {
			serves := slices.ContainsFunc(item.Frameworks, func(f report.Framework) bool { return f.Name == standard })
			require.True(t, serves || slices.Contains([]string{"MAINT-6"}, item.ID), "%s serves no control of %s", item.ID, standard)
		}
	}
	for _, layer := range readiness.LayerNames {
		require.Positive(t, layers[layer], "no item is about %s", layer)
	}
}

// Of each standard, something is covered and something is not: a view that
// covered all would be no honest one.
func TestViewsOfTheWholeChecklist(t *testing.T) {
	items, err := checks.Checklist()
	require.NoError(t, err)
	p, err := pack.Load(policies.Rules())
	require.NoError(t, err)
	run := readiness.Run{Policies: &readiness.Policies{}}
	for _, item := range items {
		run.Items = append(run.Items, readiness.Item{ID: item.ID, Verdict: readiness.Pass, Frameworks: item.Frameworks})
	}
	for _, rule := range p.Rules {
		run.Policies.Rules = append(run.Policies.Rules, readiness.PolicyRule{ID: rule.ID, Frameworks: rule.Frameworks, Matched: true})
	}
	frameworks.Apply(&run)
	for _, view := range run.Frameworks {
		t.Logf("%s: %d of %d controls are covered", view.Name, view.Counts[readiness.Supported], len(view.Controls))
		require.Positive(t, view.Counts[readiness.Supported], view.Name)
		require.Positive(t, view.Counts[readiness.NotCovered], view.Name)
		require.Equal(t, len(view.Controls), view.Counts[readiness.Supported]+view.Counts[readiness.NotCovered])
	}
}

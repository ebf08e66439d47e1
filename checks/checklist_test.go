package checks

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checklist"
)

// The guides' numbers of checkboxes, counted in the guides.
func TestEveryCheckboxIsAnItem(t *testing.T) {
	items, err := Checklist()
	require.NoError(t, err)
	byGuide, bySection := map[string]int{}, map[string]int{}
	for _, item := range items {
		byGuide[item.Guide]++
		bySection[item.Guide+": "+item.Section]++
	}
	require.Equal(t, map[string]int{
		checklist.Readiness: 42, checklist.Deployment: 26, checklist.Maintenance: 16, checklist.Procedures: 9,
	}, byGuide)
	require.Equal(t, map[string]int{
		"readiness: Kubernetes Cluster": 7, "readiness: Database Systems": 5, "readiness: Cache Systems": 5,
		"readiness: Authentication and Authorization": 5, "readiness: Network Security": 5, "readiness: Compliance": 5,
		"readiness: Code Quality": 5, "readiness: Configuration Management": 5,
		"deployment: Security": 6, "deployment: Infrastructure": 5, "deployment: Monitoring": 5, "deployment: Application": 5, "deployment: CI/CD": 5,
		"maintenance: Before maintenance": 5, "maintenance: During maintenance": 5, "maintenance: After maintenance": 6,
		"procedures: Pre-deployment": 3, "procedures: Deployment": 3, "procedures: Post-deployment": 3,
	}, bySection)
}

func TestEveryItemIsDecidedBySomething(t *testing.T) {
	items, err := Checklist()
	require.NoError(t, err)
	checkers := byID()
	used := map[string]bool{}
	live := 0
	for _, item := range items {
		for _, id := range item.Checkers {
			require.Contains(t, checkers, id, item.ID)
			used[id] = true
		}
		if item.Live() && (item.Guide == checklist.Readiness || item.Guide == checklist.Deployment) && item.Attestation == "" {
			live++
		}
	}
	require.GreaterOrEqual(t, live, 48, "of the 68 items decided by live evidence")
	for id := range checkers {
		require.True(t, used[id], "no item names the checker %s", id)
	}
}

// Every policy requirement that the rules name is an item's, and the other way
// round: a typing mistake would decide nothing.
func TestEveryPolicyRequirementIsAnItems(t *testing.T) {
	items, err := Checklist()
	require.NoError(t, err)
	for _, item := range items {
		for _, requirement := range item.Policies {
			guide, words, _ := strings.Cut(requirement, ": ")
			require.Equal(t, item.Guide, guide, item.ID)
			require.True(t, words == item.Title || words == item.Text, "%s: %s is not what the checkbox says", item.ID, requirement)
		}
	}
}

func TestCheckersAreWhole(t *testing.T) {
	for _, k := range Checkers() {
		require.NotEmpty(t, k.ID)
		require.NotEmpty(t, k.Expected, k.ID)
		require.NotEmpty(t, k.Needs, k.ID)
		require.False(t, strings.HasSuffix(k.Expected, "."), k.ID)
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(k.Needs))), len(k.Needs), k.ID)
	}
}

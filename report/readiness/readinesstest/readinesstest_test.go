package readinesstest_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
)

func TestRichIsWhole(t *testing.T) {
	r := readinesstest.Rich()
	require.Equal(t, readinesstest.Rich(), r)
	verdicts, overlays, vacuous, evidence := map[readiness.Verdict]bool{}, map[string]bool{}, false, map[string]bool{}
	for _, e := range r.Evidence {
		evidence[e.ID] = true
		if e.SHA256 != "" {
			sum := sha256.Sum256(e.Content)
			require.Equal(t, hex.EncodeToString(sum[:]), e.SHA256)
		}
	}
	for _, item := range r.Items {
		require.True(t, report.IsItem(item.ID), item.ID)
		verdicts[item.Verdict], vacuous = true, vacuous || item.Vacuous
		if item.Overlay != nil {
			overlays[item.Overlay.Kind] = true
		}
		for _, id := range item.Evidence {
			require.True(t, evidence[id], "%s of %s", id, item.ID)
		}
	}
	require.Len(t, verdicts, len(readiness.Verdicts))
	require.Len(t, overlays, 2)
	require.True(t, vacuous)
	counted := r
	counted.Finish(report.High)
	require.Equal(t, counted.Summary.Counts, r.Summary.Counts)
	require.Equal(t, counted.Summary.Failed, r.Summary.Failed)
	require.Equal(t, counted.Summary.Ready, r.Summary.Ready)
	statuses := map[readiness.ControlStatus]bool{}
	for _, f := range r.Frameworks {
		n := map[readiness.ControlStatus]int{}
		for _, c := range f.Controls {
			n[c.Status]++
			statuses[c.Status] = true
		}
		require.Equal(t, n, f.Counts)
	}
	require.Len(t, statuses, len(readiness.ControlStatuses))
	sections := readiness.Counts{}
	for _, s := range r.Sections {
		sections.Pass += s.Pass
		sections.Fail += s.Fail
	}
	require.Equal(t, r.Summary.Pass, sections.Pass)
	require.Equal(t, r.Summary.Fail, sections.Fail)
	require.True(t, readinesstest.Ready().Summary.Ready)
	require.False(t, readinesstest.Bare().Summary.Ready)
}

func TestManyHasSoMany(t *testing.T) {
	r := readinesstest.Many(1000)
	require.Len(t, r.Policies.Findings, 1000)
	require.Equal(t, 1000, r.Policies.Summary.Deny+r.Policies.Summary.Undecided+r.Policies.Summary.Waived)
}

func TestMapChangesEveryFreeText(t *testing.T) {
	before := readinesstest.Rich()
	after := readinesstest.Map(before, func(text string) string { return "·" + text })
	require.Equal(t, readinesstest.Rich(), before, "the given run stays")
	require.Equal(t, "·DB-3", after.Items[3].ID)
	require.Equal(t, "·DB-3", after.Layers[3].Items[1])
	require.Equal(t, readiness.Fail, after.Items[3].Verdict)
	require.Equal(t, readiness.Waived, after.Items[4].Overlay.Kind)
	require.Equal(t, "·Platform team", after.Items[4].Overlay.By)
	require.Contains(t, after.Deployed.Simulated, "·aws:eks/cluster:Cluster")
	require.Empty(t, after.NoPolicies)
	back := readinesstest.Map(after, func(text string) string { return strings.TrimPrefix(text, "·") })
	want, err := json.Marshal(before)
	require.NoError(t, err)
	got, err := json.Marshal(back)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

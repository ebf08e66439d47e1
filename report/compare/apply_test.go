package compare_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/compare"
	"gatehouse/report/readiness"
	"gatehouse/report/results/resultstest"
)

func TestApplyLooksAtTheRunsBefore(t *testing.T) {
	run := staging(100)
	var earlier []readiness.Run
	for i := range 40 {
		earlier = append(earlier, staging(i))
	}
	earlier[39].Items[0].Verdict = readiness.Fail
	earlier[39].Items[2].ID = "DB-77"
	later, other := staging(101), resultstest.Run("production", resultstest.Start.Add(99*time.Hour))
	earlier = append(earlier, later, other, run, earlier[39])
	slices.Reverse(earlier)
	compare.Apply(&run, earlier)

	require.Equal(t, earlier[len(earlier)-40].ID, run.Comparison.Before.ID, "the newest that began before")
	require.Equal(t, run.ID, run.Comparison.After.ID)
	require.Equal(t, 1, run.Comparison.Better)
	require.Len(t, run.Items[0].History, compare.MostPast)
	require.Equal(t, readiness.Past{Run: staging(39).ID, Started: staging(39).Started, Verdict: readiness.Fail, Found: "found PASS"}, run.Items[0].History[0])
	require.Equal(t, staging(38).ID, run.Items[0].History[1].Run)
	require.Equal(t, readiness.Attested, run.Items[4].History[0].Overlay)
	require.Len(t, run.Items[2].History, compare.MostPast-1, "a run that did not judge the item says nothing of it")
	require.Len(t, run.Trend, compare.MostPoints+1)
	require.Equal(t, staging(10).ID, run.Trend[0].ID)
	require.Equal(t, run.ID, run.Trend[30].ID)
	require.Equal(t, run.Summary.Counts, run.Trend[30].Counts)
}

func TestApplyToTheFirstRun(t *testing.T) {
	run := staging(0)
	compare.Apply(&run, []readiness.Run{staging(1), run})
	require.Nil(t, run.Comparison)
	require.Len(t, run.Trend, 1)
	text, err := json.Marshal(run)
	require.NoError(t, err)
	require.NotContains(t, string(text), `"history":null`)
}

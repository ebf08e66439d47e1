package readiness_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// anItem draws an item with any verdict and overlay.
func anItem(t *rapid.T) readiness.Item {
	overlays := []*readiness.Overlay{nil, nil, {Kind: readiness.Waived}, {Kind: readiness.Attested}}
	verdict := rapid.SampledFrom(readiness.Verdicts).Draw(t, "verdict")
	overlay := rapid.SampledFrom(overlays).Draw(t, "overlay")
	// A person speaks only where a person is asked.
	if overlay != nil && (verdict == readiness.Pass || verdict == readiness.NotApplicable || overlay.Kind == readiness.Attested && verdict != readiness.Manual) {
		overlay = nil
	}
	return readiness.Item{
		ID: rapid.StringMatching(`[A-Z]{2}-[1-9]`).Draw(t, "id"), Guide: "readiness", Severity: report.High,
		Section: rapid.SampledFrom([]string{"Database", "Network"}).Draw(t, "section"),
		Layer:   rapid.SampledFrom(append([]string{""}, readiness.LayerNames...)).Draw(t, "layer"),
		Verdict: verdict, Overlay: overlay, Title: "Title", Found: "found",
	}
}

func TestScoresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := readiness.Run{Environment: "staging", Items: rapid.SliceOfN(rapid.Custom(anItem), 0, 12).Draw(t, "items")}
		run.Finish(report.High)
		require.Equal(t, len(run.Items), run.Summary.Total())
		var sections, layers int
		for _, s := range run.Sections {
			sections += s.Total()
		}
		require.Equal(t, len(run.Items), sections)
		for _, l := range run.Layers {
			require.Len(t, l.Items, l.Total())
			layers += l.Total()
		}
		placed := 0
		for _, item := range run.Items {
			if item.Layer != "" {
				placed++
			}
		}
		require.Equal(t, placed, layers)
		if p := run.Summary.Percent; p != nil && *p == 100 {
			require.Zero(t, run.Summary.Waived, "what is waived does not hold")
			require.True(t, run.Summary.Ready)
		}
		if run.Summary.Ready {
			require.Empty(t, run.Next, "nothing is open, so that nothing is left to do")
		}
	})
}

func TestPercentCountsWhatHolds(t *testing.T) {
	percent := func(items ...readiness.Item) *int {
		run := readiness.Run{Items: items}
		run.Finish(report.High)
		return run.Summary.Percent
	}
	pass, fail := readiness.Item{Verdict: readiness.Pass}, readiness.Item{Verdict: readiness.Fail}
	waived := readiness.Item{Verdict: readiness.Fail, Overlay: &readiness.Overlay{Kind: readiness.Waived}}
	attested := readiness.Item{Verdict: readiness.Manual, Overlay: &readiness.Overlay{Kind: readiness.Attested}}
	apart := readiness.Item{Verdict: readiness.NotApplicable}
	require.Nil(t, percent(apart), "nothing applies: no score, not a full one")
	require.Nil(t, percent())
	require.Equal(t, 100, *percent(pass, attested, apart))
	require.Equal(t, 50, *percent(pass, waived))
	require.Equal(t, 66, *percent(pass, pass, fail), "rounded down")
}

func TestVacuousIsWhatSawNothing(t *testing.T) {
	run := readiness.Run{Items: []readiness.Item{
		{ID: "DB-1", Verdict: readiness.Pass, Judgements: []readiness.Judgement{{Subjects: 2}, {Subjects: 0}}},
		{ID: "DB-2", Verdict: readiness.NotApplicable, Judgements: []readiness.Judgement{{Subjects: 0}}},
		{ID: "DB-3", Verdict: readiness.Pass},
		{ID: "DB-4", Verdict: readiness.Fail},
	}}
	run.Finish(report.High)
	require.Equal(t, []string{"DB-2", "DB-3"}, run.Coverage.Vacuous)
}

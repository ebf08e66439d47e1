package readiness_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

func TestCombineTakesTheWorst(t *testing.T) {
	all := func(verdicts ...readiness.Verdict) readiness.Verdict {
		var parts []readiness.Judgement
		for _, v := range verdicts {
			parts = append(parts, readiness.Judgement{Verdict: v})
		}
		return readiness.Combine(parts)
	}
	require.Equal(t, readiness.Error, all(), "decided by nothing")
	require.Equal(t, readiness.Pass, all(readiness.Pass, readiness.NotApplicable))
	require.Equal(t, readiness.NotApplicable, all(readiness.NotApplicable, readiness.NotApplicable))
	require.Equal(t, readiness.Manual, all(readiness.Pass, readiness.Manual))
	require.Equal(t, readiness.Unknown, all(readiness.Manual, readiness.Unknown, readiness.Pass))
	require.Equal(t, readiness.Error, all(readiness.Unknown, readiness.Error))
	require.Equal(t, readiness.Fail, all(readiness.Error, readiness.Fail, readiness.Pass))
	require.Equal(t, readiness.Error, all("WHATEVER"), "no verdict is not a pass")
	rapid.Check(t, func(t *rapid.T) {
		verdicts := rapid.SliceOfN(rapid.SampledFrom(readiness.Verdicts), 1, 6).Draw(t, "verdicts")
		if all(verdicts...) == readiness.Pass {
			for _, v := range verdicts {
				require.Contains(t, []readiness.Verdict{readiness.Pass, readiness.NotApplicable}, v)
			}
		}
	})
}

func TestFinishCountsAndDecides(t *testing.T) {
	waived := &readiness.Overlay{Kind: readiness.Waived}
	attested := &readiness.Overlay{Kind: readiness.Attested}
	for name, c := range map[string]struct {
		items         []readiness.Item
		failed, ready bool
	}{
		"nothing":               {nil, false, false},
		"all pass":              {[]readiness.Item{{Verdict: readiness.Pass}, {Verdict: readiness.NotApplicable}}, false, true},
		"a failure":             {[]readiness.Item{{Verdict: readiness.Fail, Severity: report.High}}, true, false},
		"an error":              {[]readiness.Item{{Verdict: readiness.Error, Severity: report.Critical}}, true, false},
		"a small failure":       {[]readiness.Item{{Verdict: readiness.Fail, Severity: report.Medium}}, false, false},
		"a waived failure":      {[]readiness.Item{{Verdict: readiness.Fail, Severity: report.High, Overlay: waived}}, false, true},
		"nobody knows":          {[]readiness.Item{{Verdict: readiness.Unknown, Severity: report.Critical}}, false, false},
		"nobody has said":       {[]readiness.Item{{Verdict: readiness.Manual, Severity: report.Critical}}, false, false},
		"somebody has said":     {[]readiness.Item{{Verdict: readiness.Manual, Overlay: attested}}, false, true},
		"a failure is attested": {[]readiness.Item{{Verdict: readiness.Fail, Severity: report.High, Overlay: attested}}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			run := readiness.Run{Items: c.items}
			run.Finish(report.High)
			require.Equal(t, c.failed, run.Summary.Failed)
			require.Equal(t, c.ready, run.Summary.Ready)
		})
	}
	run := readiness.Run{Items: []readiness.Item{{Verdict: readiness.Pass}}, Interrupted: true}
	run.Finish(report.High)
	require.False(t, run.Summary.Ready, "what was cut off is not ready")
}

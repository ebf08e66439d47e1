package checks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/report/readiness"
)

// Where nothing was read, no checker passes, fails or errs, whichever item asks
// it, and each says what would be expected.
func TestNothingReadIsUnknown(t *testing.T) {
	items, err := Checklist()
	require.NoError(t, err)
	checkers := byID()
	for _, item := range items {
		for _, id := range item.Checkers {
			j := checkers[id].Do(judge.Environment{Name: "test", Now: now, Namespaces: []string{"portal"}}, item.Thresholds, evidence.Facts{})
			require.Equal(t, readiness.Unknown, j.Verdict, "%s for %s: %s", id, item.ID, j.Found)
			require.NotEmpty(t, j.Expected, id)
			require.NotEmpty(t, j.Reasons, id)
		}
	}
}

// A failure that only a stand-in shows is UNKNOWN and says so; what a real
// system shows, or a stand-in that passes, is believed.
func TestStandInsAreNotBelieved(t *testing.T) {
	o := Options{Pretended: map[string]string{"x": "it keeps no zones"}}
	fails := readiness.Judgement{Checker: "x", Verdict: readiness.Fail, Failures: []readiness.Failure{{Where: "a"}}}
	j := o.believed(fails)
	require.Equal(t, readiness.Judgement{Checker: "x", Verdict: readiness.Unknown, Found: "it keeps no zones", Reasons: []string{"it keeps no zones"}, Pretended: true}, j)
	passes := readiness.Judgement{Checker: "x", Verdict: readiness.Pass}
	require.Equal(t, passes, o.believed(passes))
	fails.Checker = "y"
	require.Equal(t, fails, o.believed(fails))
}

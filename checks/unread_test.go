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

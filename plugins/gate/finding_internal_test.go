package gate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAStepThatSaysNothing is no pass: a step added later may forget to speak.
func TestAStepThatSaysNothing(t *testing.T) {
	s := finding{}.judge("exists", &Case{})
	require.Equal(t, Unknown, s.Verdict)
	require.NotEmpty(t, s.Reason)
}

package secretstore_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRotateFunction runs the function's own tests, which need Python and
// moto.
func TestRotateFunction(t *testing.T) {
	if testing.Short() {
		t.Skip("long: runs the rotation function under moto; run make test")
	}
	python, err := exec.LookPath("python3")
	require.NoError(t, err, "install Python 3 and then: pip install 'moto[server]'")
	tests := exec.CommandContext(t.Context(), python, "-B", "rotate_test.py")
	output, err := tests.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

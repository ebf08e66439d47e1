package sandboxtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/emulator"
)

func TestAWSIsSharedAndAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs moto_server; run make test")
	}
	endpoint := AWS(t)
	require.Equal(t, endpoint, AWS(t))
	require.NoError(t, emulator.Healthy(t.Context(), endpoint))

	own, stop := OwnAWS(t)
	require.NotEqual(t, endpoint, own)
	stop()
	require.Error(t, emulator.Healthy(t.Context(), own), "a stopped emulator must be gone")
}

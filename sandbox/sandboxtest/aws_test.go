package sandboxtest

import (
	"net/http"
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
	_, err := http.Get(own)
	require.Error(t, err, "a stopped emulator must be gone")
}

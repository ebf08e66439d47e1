package prove_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
)

// The gate can hold a plugin against the minimal Backstage.
func TestTheMinimalBackstageIsAHost(t *testing.T) {
	lock, err := os.ReadFile("../../sandbox/backstage/package-lock.json")
	require.NoError(t, err)
	host, err := gate.HostOfLock(lock, "1.55.0", "22.3.0")
	require.NoError(t, err)
	require.Equal(t, "1.10.1", host.Packages["@backstage/backend-plugin-api"])
	require.Equal(t, "0.18.0", host.Packages["@backstage/backend-defaults"])
}

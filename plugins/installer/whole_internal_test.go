package installer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/install"
)

func TestAPanicIsTriedAgain(t *testing.T) {
	err := whole(func() error { panic("no such index") })
	require.ErrorContains(t, err, "the installer's own: no such index")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	require.NoError(t, whole(func() error { return nil }))
}

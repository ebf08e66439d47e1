package cli

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/status"
)

// Who comes while another's up runs sees the file with that change in it: it must not
// add its own, which that up might take along.
func TestAPluginChangeDuringAnother(t *testing.T) {
	s := newPluginScene(t, "")
	for _, name := range []string{"plugin-a", "plugin-b"} {
		s.registry.Publish(npmtest.Package{Name: name, Version: "1.0.0"})
	}
	install := func(name string, up func() error) error {
		change, cmd, _ := s.changing("install "+name, up, status.Status{Phase: status.Proved})
		f := asked("")
		pkg, err := f.candidate(change.plugins(), mustRef(t, name))
		require.NoError(t, err)
		return f.install(cmd, change, pkg)
	}
	require.NoError(t, install("plugin-a@1.0.0", func() error {
		during := s.stack()
		err := install("plugin-b@1.0.0", func() error { return errors.New("never") })
		require.ErrorContains(t, err, "install plugin-b@1.0.0: somebody else changes the plugins of staging just now; try again when that has ended")
		require.Equal(t, during, s.stack())
		return nil
	}))
	require.NoError(t, install("plugin-b@1.0.0", func() error { return nil }), "it has ended")
	require.Len(t, packagesOf(t, s.stack()), 2)
}

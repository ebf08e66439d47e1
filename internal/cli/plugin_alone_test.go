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

// Who finds the change in the file already, since another's up runs, must not say that it
// is installed when that up has failed and the file is without it.
func TestAPluginChangeThatAnotherTakesBack(t *testing.T) {
	s := newPluginScene(t, "")
	s.registry.Publish(npmtest.Package{Name: "plugin-a", Version: "1.0.0"})
	install := func(up func() error) func() error {
		change, cmd, _ := s.changing("install plugin-a@1.0.0", up, status.Status{Phase: status.Proved})
		f := asked("")
		pkg, err := f.candidate(change.plugins(), mustRef(t, "plugin-a@1.0.0"))
		require.NoError(t, err)
		return func() error { return f.install(cmd, change, pkg) }
	}
	var second func() error
	require.Error(t, install(func() error {
		second = install(func() error { return nil })
		return errors.New("the Job failed")
	})())
	require.ErrorContains(t, second(), "was changed by somebody else meanwhile")
}

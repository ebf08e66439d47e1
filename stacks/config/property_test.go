package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// Every valid configuration is accepted, and reading what was written gives
// the same configuration.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := configtest.Valid(t)
		written, err := config.Document{Config: want}.YAML()
		require.NoError(t, err)
		got, err := config.Parse("Pulumi.random.yaml", written, config.At(configtest.Today()))
		require.NoError(t, err, string(written))
		require.Empty(t, cmp.Diff(want, got, cmp.Comparer(func(a, b config.CIDR) bool { return a == b })))
	})
}

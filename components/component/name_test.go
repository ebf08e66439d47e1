package component_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/component"
)

func TestNameKeepsWhatFits(t *testing.T) {
	require.Equal(t, "gatehouse-staging-redis", component.Name(23, "gatehouse", "staging", "redis"))
	require.NotEqual(t, "gatehouse-staging-redis", component.Name(22, "gatehouse", "staging", "redis"))
}

func TestNameProperties(t *testing.T) {
	part := rapid.StringMatching(`[a-z][a-z0-9-]{0,30}[a-z0-9]`)
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(10, 64).Draw(t, "limit")
		parts := rapid.SliceOfN(part, 1, 4).Draw(t, "parts")
		name := component.Name(limit, parts...)
		require.LessOrEqual(t, len(name), limit)
		require.Equal(t, name, component.Name(limit, parts...), "the same from run to run")
		require.False(t, strings.HasSuffix(name, "-"))

		other := append(append([]string{}, parts...), "x")
		require.NotEqual(t, name, component.Name(limit, other...), "names that begin alike stay apart")
	})
}

func TestNameRefusesALimitWithoutRoom(t *testing.T) {
	require.Panics(t, func() { component.Name(9, "gatehouse", "staging") })
}

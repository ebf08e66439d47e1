package installer_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func lookup(t *testing.T, name string) string {
	t.Helper()
	value, _ := os.LookupEnv(name)
	return value
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

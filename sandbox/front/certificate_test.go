package front

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCertificatesAreKeptUntilTheyNoLongerFit(t *testing.T) {
	now := time.Now()
	c := Config{Dir: t.TempDir(), Hosts: []string{"a.example.com", "b.example.com"}}
	read := func() (authority, leaf string) {
		for file, text := range map[string]*string{"ca.crt": &authority, "tls.crt": &leaf} {
			content, err := os.ReadFile(filepath.Join(c.Dir, file))
			require.NoError(t, err)
			*text = string(content)
		}
		return authority, leaf
	}
	require.NoError(t, c.Write(now))
	authority, leaf := read()
	require.NoError(t, c.Write(now.Add(59*24*time.Hour)))
	again, same := read()
	require.Equal(t, authority, again)
	require.Equal(t, leaf, same)

	require.NoError(t, c.Write(now.Add(61*24*time.Hour)))
	again, renewed := read()
	require.Equal(t, authority, again)
	require.NotEqual(t, leaf, renewed, "a third is left")

	c.Hosts = []string{"a.example.com"}
	require.NoError(t, c.Write(now))
	_, other := read()
	require.NotEqual(t, renewed, other, "other hosts")

	require.NoError(t, os.WriteFile(filepath.Join(c.Dir, "ca.key"), []byte("broken"), 0o600))
	require.NoError(t, c.Write(now))
	again, resigned := read()
	require.NotEqual(t, authority, again)
	require.NotEqual(t, other, resigned, "signed by the new authority")

	for _, file := range []string{"ca.key", "tls.key", "nginx.conf"} {
		info, err := os.Stat(filepath.Join(c.Dir, file))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file)
	}
}

func TestAnotherConfigurationIsAnotherStart(t *testing.T) {
	c := Config{Hosts: []string{"a.example.com"}, TLS: 1}
	one := configured(c)
	require.Equal(t, one, configured(c))
	c.Hosts = []string{"b.example.com"}
	require.NotEqual(t, one, configured(c))
}

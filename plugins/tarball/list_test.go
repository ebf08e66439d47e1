package tarball_test

import (
	"bytes"
	"crypto/sha512"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

func TestList(t *testing.T) {
	packed := tarballtest.Pack(t, map[string]string{
		"package.json": `{"name":"a"}`, "node_modules/b/package.json": `{"name":"b"}`, "dist/a.js": "a", "a.txt": "",
	})
	listing, err := tarball.List(t.Context(), bytes.NewReader(packed), small())
	require.NoError(t, err)
	require.Equal(t, plugins.IntegrityOf(sha512.Sum512(packed)), listing.Integrity)
	require.Equal(t, int64(len(packed)), listing.Size)
	require.Equal(t, int64(25), listing.Unpacked)
	require.Equal(t, []tarball.Entry{
		{Path: "a.txt", Mode: 0o644},
		{Path: "dist/a.js", Size: 1, Mode: 0o644},
		{Path: "node_modules/b/package.json", Size: 12, Mode: 0o644},
		{Path: "package.json", Size: 12, Mode: 0o644},
	}, listing.Files)
	content, found := listing.Manifest("package.json")
	require.True(t, found)
	require.Equal(t, `{"name":"a"}`, string(content))
	_, found = listing.Manifest("dist/package.json")
	require.False(t, found)
	require.True(t, listing.Has("dist/a.js"))
	require.False(t, listing.Has("dist"))

	for _, files := range []map[string]string{
		{"package.json": strings.Repeat("x", 101)},
		{"package.json": strings.Repeat("x", 80), "a/package.json": strings.Repeat("x", 80)},
	} {
		listing, err = tarball.List(t.Context(), bytes.NewReader(tarballtest.Pack(t, files)), small())
		refused(t, err, tarball.ManifestTooLarge)
		require.Empty(t, listing)
	}
	_, err = tarball.List(t.Context(), bytes.NewReader(packed[:50]), small())
	refused(t, err, tarball.Truncated)
}

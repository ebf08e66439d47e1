// Package tarballtest makes packages for tests, honest and hostile ones. It checks
// nothing: that is plugins/tarball's.
package tarballtest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Pack is the .tgz of a package with these files by path, below package/ and in
// order of path, as npm pack makes it: the same files give the same bytes.
func Pack(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var entries []tar.Header
	var contents []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		entries = append(entries, tar.Header{Name: "package/" + name})
		contents = append(contents, files[name])
	}
	return Gzip(t, Tar(t, entries, contents...))
}

// Plugin are the files of the smallest package that says it is a backend plugin,
// and more in the manifest: fields, each with its JSON value, such as
// `"license":"MIT"`.
func Plugin(name, version string, fields ...string) map[string]string {
	manifest := fmt.Sprintf(`{"name":%q,"version":%q,"main":"dist/index.cjs.js","backstage":{"role":"backend-plugin"}`, name, version)
	for _, field := range fields {
		manifest += "," + field
	}
	return map[string]string{
		"package.json":      manifest + "}",
		"dist/index.cjs.js": "exports.default = {};\n",
	}
}

// Tar writes entries as they are given, each with the content of its number; the
// mode 0644 and the size of the content are put in where there is none. The kind is
// a file's where there is none.
func Tar(t testing.TB, entries []tar.Header, contents ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i, header := range entries {
		content := ""
		if i < len(contents) {
			content = contents[i]
		}
		if header.Mode == 0 && header.Typeflag != tar.TypeXGlobalHeader {
			header.Mode = 0o644
		}
		if header.Size == 0 {
			header.Size = int64(len(content))
		}
		require.NoError(t, w.WriteHeader(&header), header.Name)
		_, err := w.Write([]byte(content))
		require.NoError(t, err, header.Name)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// Gzip packs any bytes.
func Gzip(t testing.TB, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

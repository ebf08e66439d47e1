package tarball_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// FuzzWalk: whatever is accepted has only safe, distinct names and the content
// that archive/tar finds too; everything else is a Refusal, and nothing panics.
// The seeds are tars, so that the fuzzer changes headers and not gzip's checksum.
func FuzzWalk(f *testing.F) {
	honest := tarballtest.Tar(f, []tar.Header{
		{Name: "package/package.json"},
		{Name: "package/dist/", Typeflag: tar.TypeDir},
		{Name: "package/dist/" + strings.Repeat("n", 120)},
		{Name: "package/größe.js"},
	}, "{}", "", "long", "x")
	f.Add(honest, true)
	f.Add(tarballtest.Gzip(f, honest), false)
	f.Add(tarballtest.Tar(f, []tar.Header{{Name: "package/a", Typeflag: tar.TypeSymlink, Linkname: "/etc"}, {Name: "package/a/b"}}), true)
	f.Add(tarballtest.Tar(f, []tar.Header{{Name: "package/../a"}, {Name: "package/A"}, {Name: "package/a"}}), true)
	f.Add(tarballtest.Tar(f, []tar.Header{{Name: "package/" + strings.Repeat("n", 120), Format: tar.FormatGNU}}), true)
	f.Add(tarballtest.Tar(f, []tar.Header{{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"path": "x"}}, {Name: "package/a"}}), true)
	f.Add(honest[:700], true)
	f.Fuzz(func(t *testing.T, content []byte, pack bool) {
		if pack {
			content = tarballtest.Gzip(t, content)
		}
		accepted := map[string]string{}
		folded := map[string]bool{}
		err := tarball.Walk(t.Context(), bytes.NewReader(content), small(), func(e tarball.Entry, r io.Reader) error {
			require.True(t, filepath.IsLocal(e.Path) && fs.ValidPath(e.Path), "%q", e.Path)
			require.Contains(t, []fs.FileMode{0o644, 0o755}, e.Mode)
			key := norm.NFC.String(strings.ToLower(e.Path))
			require.False(t, folded[key], "%q", e.Path)
			folded[key] = true
			text, err := io.ReadAll(r)
			if err == nil {
				require.Len(t, text, int(e.Size))
			}
			accepted[e.Path] = string(text)
			return err
		})
		if err != nil {
			require.True(t, errors.As(err, new(*tarball.Refusal)), err.Error())
			return
		}
		require.Equal(t, plain(t, content), accepted)
	})
}

// plain reads files as a program does that knows no danger.
func plain(t *testing.T, packed []byte) map[string]string {
	t.Helper()
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	archive := tar.NewReader(unpacked)
	files := map[string]string{}
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		require.NoError(t, err)
		if header.Typeflag != tar.TypeReg {
			continue
		}
		_, name, _ := strings.Cut(header.Name, "/")
		text, err := io.ReadAll(archive)
		require.NoError(t, err)
		files[name] = string(text)
	}
}

package tarball_test

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// small are limits that a test reaches.
func small() tarball.Limits {
	return tarball.Limits{
		Packed: 1 << 20, Unpacked: 4 << 20, File: 2 << 20, Entries: 20, Ratio: 200,
		Name: 300, Depth: 5, Manifest: 100, Manifests: 150,
	}
}

func walk(packed []byte) (map[string]string, error) {
	files := map[string]string{}
	err := tarball.Walk(context.Background(), bytes.NewReader(packed), small(), func(e tarball.Entry, r io.Reader) error {
		content, err := io.ReadAll(r)
		files[e.Path] = string(content)
		return err
	})
	return files, err
}

func refused(t *testing.T, err error, reason tarball.Reason) (entry string) {
	t.Helper()
	var refusal *tarball.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, reason, refusal.Reason, err.Error())
	require.Contains(t, err.Error(), refusal.Reason.Advice())
	return refusal.Entry
}

func TestWalkAnHonestPackage(t *testing.T) {
	long := strings.Repeat("long/", 3) + strings.Repeat("n", 150) + ".js" // npm needs a PAX record for it
	packed := tarballtest.Gzip(t, tarballtest.Tar(t, []tar.Header{
		{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "0123abcd"}},
		{Name: "package/", Typeflag: tar.TypeDir},
		{Name: "package/dist/", Typeflag: tar.TypeDir},
		{Name: "package/package.json"},
		{Name: "package/dist/aux.js"},
		{Name: "package/dist/", Typeflag: tar.TypeDir},
		{Name: "package/größe.js"},
	}, "", "", "", "{}", "1", "", "22"))
	files, err := walk(packed)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"package.json": "{}", "dist/aux.js": "1", "größe.js": "22"}, files)

	packed = tarballtest.Gzip(t, tarballtest.Tar(t, []tar.Header{
		{Name: "package/bin/run", Mode: 0o6755, Uid: 12, Uname: "root"},
		{Name: "package/" + long},
		{Name: "other/README"}, // npm drops the first element, whatever it is
	}, "2", "3", "4"))
	var entries []tarball.Entry
	require.NoError(t, tarball.Walk(t.Context(), bytes.NewReader(packed), small(), func(e tarball.Entry, _ io.Reader) error {
		entries = append(entries, e) // and its content is left unread
		return nil
	}))
	require.Equal(t, []tarball.Entry{{Path: "bin/run", Size: 1, Mode: 0o755}, {Path: long, Size: 1, Mode: 0o644}, {Path: "README", Size: 1, Mode: 0o644}}, entries)
}

func TestWalkKeepsLimits(t *testing.T) {
	zeros := strings.Repeat("\x00", 2<<20)
	for name, c := range map[string]struct {
		files  map[string]string
		limit  func(*tarball.Limits)
		reason tarball.Reason
	}{
		"packed":   {map[string]string{"a": "x"}, func(l *tarball.Limits) { l.Packed = 20 }, tarball.PackedTooLarge},
		"unpacked": {map[string]string{"a": "x"}, func(l *tarball.Limits) { l.Unpacked = 1500 }, tarball.UnpackedTooLarge},
		"file":     {map[string]string{"a": "xx"}, func(l *tarball.Limits) { l.File = 1 }, tarball.FileTooLarge},
		"entries":  {map[string]string{"a": "", "b": ""}, func(l *tarball.Limits) { l.Entries = 1 }, tarball.TooManyEntries},
		"bomb":     {map[string]string{"a": zeros}, func(*tarball.Limits) {}, tarball.Bomb},
	} {
		t.Run(name, func(t *testing.T) {
			limits := small()
			c.limit(&limits)
			err := tarball.Walk(t.Context(), bytes.NewReader(tarballtest.Pack(t, c.files)), limits, func(tarball.Entry, io.Reader) error { return nil })
			refused(t, err, c.reason)
		})
	}
	require.NoError(t, tarball.Walk(t.Context(), bytes.NewReader(tarballtest.Pack(t, map[string]string{"a": zeros[:900<<10]})), small(), func(tarball.Entry, io.Reader) error { return nil }))

	// What is too large is not read to its end to learn how large it is.
	noise := make([]byte, 900<<10)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	limits, source := small(), bytes.NewReader(tarballtest.Pack(t, map[string]string{"a": string(noise)}))
	limits.Packed = 64 << 10
	refused(t, tarball.Walk(t.Context(), source, limits, func(tarball.Entry, io.Reader) error { return nil }), tarball.PackedTooLarge)
	require.Greater(t, source.Len(), 700<<10)

	// A file that says it is huge is refused before a byte of it is read.
	huge := patch(tarballtest.Tar(t, []tar.Header{{Name: "p/a"}}), 0, func(header []byte) { copy(header[124:136], "77777777777\x00") })
	_, err := walk(tarballtest.Gzip(t, huge))
	refused(t, err, tarball.FileTooLarge)
	negative := patch(tarballtest.Tar(t, []tar.Header{{Name: "p/a"}}), 0, func(header []byte) {
		copy(header[124:136], bytes.Repeat([]byte{0xff}, 12))
	})
	_, err = walk(tarballtest.Gzip(t, negative))
	refused(t, err, tarball.Damaged)

	err = tarball.Walk(t.Context(), nil, tarball.Limits{Packed: 1}, nil)
	require.ErrorContains(t, err, `the limit "unpacked" is 0`)
}

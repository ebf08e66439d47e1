package tarball_test

import (
	"archive/tar"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// patch changes the header block at an offset and mends its checksum.
func patch(content []byte, at int, change func(header []byte)) []byte {
	header := content[at : at+512]
	change(header)
	copy(header[148:156], "        ")
	sum := 0
	for _, b := range header {
		sum += int(b)
	}
	copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
	return content
}

func TestWalkRefusesKinds(t *testing.T) {
	for name, c := range map[string]struct {
		header tar.Header
		reason tarball.Reason
	}{
		"symbolic link": {tar.Header{Name: "package/a", Typeflag: tar.TypeSymlink, Linkname: "b"}, tarball.Link},
		"hard link":     {tar.Header{Name: "package/a", Typeflag: tar.TypeLink, Linkname: "/etc/shadow"}, tarball.Link},
		"character":     {tar.Header{Name: "package/a", Typeflag: tar.TypeChar}, tarball.Device},
		"block":         {tar.Header{Name: "package/a", Typeflag: tar.TypeBlock}, tarball.Device},
		"FIFO":          {tar.Header{Name: "package/a", Typeflag: tar.TypeFifo}, tarball.Device},
		"contiguous":    {tar.Header{Name: "package/a", Typeflag: tar.TypeCont}, tarball.UnknownKind},
		"global path":   {tar.Header{Name: "", Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"path": "package/b"}}, tarball.Ambiguous},
		"link path":     {tar.Header{Name: "package/a", Format: tar.FormatPAX, PAXRecords: map[string]string{"hdrcharset": "BINARY"}}, tarball.Ambiguous},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := walk(tarballtest.Gzip(t, tarballtest.Tar(t, []tar.Header{c.header})))
			refused(t, err, c.reason)
		})
	}
	sparse := patch(tarballtest.Tar(t, []tar.Header{{Name: "package/a", Format: tar.FormatGNU}}), 0, func(header []byte) { header[156] = tar.TypeGNUSparse })
	_, err := walk(tarballtest.Gzip(t, sparse))
	refused(t, err, tarball.Sparse)
}

// records is an extended header before a file that has a name of its own.
func records(t *testing.T, own string, pax map[string]string) []byte {
	t.Helper()
	var body string
	for key, value := range pax {
		record := fmt.Sprintf(" %s=%s\n", key, value)
		size := len(record) + 2
		require.Less(t, size, 100)
		require.GreaterOrEqual(t, size, 10)
		body += fmt.Sprintf("%d%s", size, record)
	}
	content := tarballtest.Tar(t, []tar.Header{{Name: "x"}, {Name: own}}, body, "content")
	return patch(content, 0, func(header []byte) { header[156] = tar.TypeXHeader })
}

func TestWalkRefusesHeadersThatDisagree(t *testing.T) {
	for name, c := range map[string]struct {
		pax    map[string]string
		reason tarball.Reason
	}{
		"another name":  {map[string]string{"path": "package/b"}, tarball.Ambiguous},
		"a longer name": {map[string]string{"path": "package/a/b"}, tarball.Ambiguous},
		"another size":  {map[string]string{"size": "512"}, tarball.Ambiguous},
		"no size":       {map[string]string{"size": "-1"}, tarball.Damaged},
		"sparse":        {map[string]string{"GNU.sparse.major": "1"}, tarball.Sparse},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := walk(tarballtest.Gzip(t, records(t, "package/a", c.pax)))
			refused(t, err, c.reason)
			require.Empty(t, files)
		})
	}
	for _, own := range []string{"package/a", "PaxHeader"} { // as yarn and pnpm write it
		files, err := walk(tarballtest.Gzip(t, records(t, own, map[string]string{"path": "package/a", "size": "7"})))
		require.NoError(t, err)
		require.Equal(t, map[string]string{"a": "content"}, files)
	}

	folder := patch(tarballtest.Tar(t, []tar.Header{{Name: "package/a/", Typeflag: tar.TypeDir}, {Name: "package/b"}}), 0, func(header []byte) {
		copy(header[124:136], "00000001000\x00")
	})
	_, err := walk(tarballtest.Gzip(t, folder))
	refused(t, err, tarball.Ambiguous)
}

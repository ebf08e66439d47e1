package tarball_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// Wherever it is cut off, it is no package.
func TestWalkRefusesEveryTruncation(t *testing.T) {
	content := tarballtest.Tar(t, []tar.Header{{Name: "p/a"}, {Name: "p/b"}}, strings.Repeat("a", 700), "b")
	packed := tarballtest.Gzip(t, content)
	for n := range len(packed) {
		_, err := walk(packed[:n])
		refused(t, err, tarball.Truncated)
	}
	for n := 0; n < len(content)-1023; n += 61 { // behind, the last block but one is an end as well
		_, err := walk(tarballtest.Gzip(t, content[:n]))
		require.Error(t, err, n)
	}
	_, err := walk(tarballtest.Gzip(t, content[:1024+512]))
	refused(t, err, tarball.Truncated)
}

func TestWalkRefusesDamage(t *testing.T) {
	content := tarballtest.Tar(t, []tar.Header{{Name: "p/a"}}, "a")
	packed := tarballtest.Gzip(t, content)
	for name, c := range map[string]struct {
		packed []byte
		reason tarball.Reason
	}{
		"no gzip":         {[]byte("<html>404 not found</html>"), tarball.NotGzip},
		"no tar":          {tarballtest.Gzip(t, bytes.Repeat([]byte("not a tar "), 200)), tarball.Damaged},
		"a wrong CRC":     {append(bytes.Clone(packed[:len(packed)-8]), 1, 2, 3, 4, 5, 6, 7, 8), tarball.Damaged},
		"bytes behind":    {append(bytes.Clone(packed), 0), tarball.TrailingBytes},
		"two gzips":       {append(bytes.Clone(packed), packed...), tarball.SecondMember},
		"tar behind tar":  {tarballtest.Gzip(t, append(bytes.Clone(content), content...)), tarball.TrailingBytes},
		"one zero more":   {tarballtest.Gzip(t, append(bytes.Clone(content), 0)), ""},
		"a record more":   {tarballtest.Gzip(t, append(bytes.Clone(content), make([]byte, 10<<10)...)), ""},
		"zeros of a bomb": {tarballtest.Gzip(t, append(bytes.Clone(content), make([]byte, 3<<20)...)), tarball.Bomb},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := walk(c.packed)
			if c.reason == "" {
				require.NoError(t, err)
				return
			}
			refused(t, err, c.reason)
		})
	}
	for at := 10; at < len(packed); at++ { // behind gzip's own header, whose fields are not checked
		flipped := bytes.Clone(packed)
		flipped[at] ^= 0x10
		if files, err := walk(flipped); err == nil { // deflate has bits that mean nothing
			require.Equal(t, map[string]string{"a": "a"}, files, at)
		}
	}
}

// What cannot be read is not refused: nobody knows what it is.
func TestWalkCannotTell(t *testing.T) {
	packed := tarballtest.Pack(t, map[string]string{"a": strings.Repeat("a", 9000)})
	reset := errors.New("connection reset")
	for n := range len(packed) + 1 {
		err := tarball.Walk(t.Context(), io.MultiReader(bytes.NewReader(packed[:n]), iotest.ErrReader(reset)), small(), func(_ tarball.Entry, r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		})
		require.ErrorIs(t, err, reset)
		require.False(t, errors.As(err, new(*tarball.Refusal)), n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := tarball.Walk(ctx, bytes.NewReader(packed), small(), func(_ tarball.Entry, r io.Reader) error {
		cancel()
		_, err := io.Copy(io.Discard, r)
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, errors.As(err, new(*tarball.Refusal)))
	full := errors.New("no space left on device")
	err = tarball.Walk(t.Context(), iotest.OneByteReader(bytes.NewReader(packed)), small(), func(tarball.Entry, io.Reader) error { return full })
	require.Equal(t, full, err)
}

// What visit makes of a damaged file does not hide the damage.
func TestWalkNamesTheCauseBelow(t *testing.T) {
	packed := tarballtest.Pack(t, map[string]string{"a": strings.Repeat("ab", 9000)})
	err := tarball.Walk(t.Context(), bytes.NewReader(packed[:len(packed)-20]), small(), func(_ tarball.Entry, r io.Reader) error {
		_, _ = io.ReadAll(r)
		return errors.New("write a: short")
	})
	require.Equal(t, "package/a", refused(t, err, tarball.Truncated))
}

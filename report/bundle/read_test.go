package bundle_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
)

// entry is a tar of one entry, and what a hostile one says of itself.
func entry(t testing.TB, head tar.Header, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	require.NoError(t, w.WriteHeader(&head))
	_, err := io.WriteString(w, content)
	require.NoError(t, err)
	_ = w.Close() // a size that is a lie ends it badly
	return out.Bytes()
}

func TestATruncatedBundleSaysWhere(t *testing.T) {
	private, trusted := goodSigner(t)
	good := write(t, contents(t), private)
	for at := 0; at < len(good)-1024; at += 97 {
		_, err := bundle.Verify(bytes.NewReader(good[:at]), []signing.Key{trusted}, now)
		switch {
		case at == 0:
			require.ErrorContains(t, err, "the file is empty")
		case at < 512:
			require.ErrorContains(t, err, "it is no evidence bundle")
		default:
			require.ErrorContains(t, err, fmt.Sprintf("it is cut off at byte %d", at))
		}
	}
	_, err := bundle.Verify(bytes.NewReader(good[:len(good)-1024]), []signing.Key{trusted}, now)
	require.ErrorContains(t, err, "where the header of another part should stand")
	_, err = bundle.Verify(bytes.NewReader(good[:600]), []signing.Key{trusted}, now)
	require.ErrorContains(t, err, "in README.txt (88 of ")
	_, err = bundle.Verify(io.MultiReader(bytes.NewReader(good[:700]), iotest.ErrReader(errors.New("no route"))), nil, now)
	require.ErrorContains(t, err, "README.txt: no route")
}

func TestForeignAndHostileFiles(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write(make([]byte, 4096))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	file := func(name string, size int64) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: started.Truncate(time.Second)}
	}
	named := func(path string) []byte { return pack(t, []bundle.Part{{Path: "a"}, {Path: path}}) }
	many := bytes.Buffer{}
	manyWriter := tar.NewWriter(&many)
	for i := range 20_001 {
		head := file(fmt.Sprintf("x%05d", i), 0)
		require.NoError(t, manyWriter.WriteHeader(&head))
	}
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"gzip", zipped.Bytes(), "it is compressed: unpack it with gunzip"},
		{"a results file", []byte(`{"items":[]}` + strings.Repeat(" ", 600)), "it is JSON"},
		{"a page", []byte("<!doctype html>" + strings.Repeat(" ", 600)), "it is HTML"},
		{"noise", bytes.Repeat([]byte{7}, 2000), "a bundle is a tar that gatehouse wrote"},
		{"short noise", []byte("hello"), "a bundle is a tar that gatehouse wrote"},
		{"an empty tar", make([]byte, 1024), "none of its 0 files is report.json"},
		{"another tar", pack(t, []bundle.Part{{Path: "go.mod"}, {Path: "main.go"}}), "none of its 2 files is report.json, manifest.json or statement.dsse.json"},
		{"traversal", named("../../etc/cron.d/x"), `at byte 512: the name "../../etc/cron.d/x" does not stay inside`},
		{"absolute", named("/etc/passwd"), "does not stay inside"},
		{"a backslash", named(`..\x`), "characters that a part's may not have"},
		{"an escape", named("a\x1b[2J"), `"a\x1b[2J" has characters`},
		{"no name", named(""), "a part has no name"},
		{"twice", pack(t, []bundle.Part{{Path: "report.json"}, {Path: "report.json"}}), "at byte 512: report.json is there twice"},
		{"a symbolic link", entry(t, tar.Header{Typeflag: tar.TypeSymlink, Name: "report.json", Linkname: "/etc/passwd"}, ""), "at byte 0: there is a link"},
		{"a hard link", entry(t, tar.Header{Typeflag: tar.TypeLink, Name: "report.json", Linkname: "x"}, ""), "there is a link"},
		{"a folder", entry(t, tar.Header{Typeflag: tar.TypeDir, Name: "evidence/"}, ""), "there is a folder"},
		{"a pipe", entry(t, tar.Header{Typeflag: tar.TypeFifo, Name: "x"}, ""), "there is a device or pipe"},
		{"PAX", entry(t, tar.Header{Typeflag: tar.TypeReg, Name: "ä", Format: tar.FormatPAX}, ""), "there is a header of PAX or GNU tar"},
		{"10 GB", entry(t, tar.Header{Typeflag: tar.TypeReg, Name: "evidence/a.json", Size: 10 << 30, Format: tar.FormatGNU}, ""), "evidence/a.json says that it has 10737418240 bytes; 536870912 may be"},
		{"a large report", entry(t, file(bundle.ReportPath, 200<<20), ""), "report.json says that it has 209715200 bytes; 134217728 may be"},
		{"a large statement", entry(t, file(bundle.StatementPath, 20<<20), ""), "statement.dsse.json says that it has 20971520 bytes; 16777216 may be"},
		{"very many", many.Bytes(), "there are more than the 20000 parts that may be"},
		{"noise after a part", append(pack(t, []bundle.Part{{Path: "a"}})[:512], bytes.Repeat([]byte{48}, 512)...), "at byte 512: there is no header of a tar"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := bundle.Verify(bytes.NewReader(c.content), nil, now)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "read bundle: ")
		})
	}
	parts := pack(t, []bundle.Part{{Path: "a", Content: make([]byte, 60)}, {Path: "b", Content: make([]byte, 60)}})
	_, err = bundle.VerifySmall(bytes.NewReader(parts), nil, now, 2, 100, 100)
	require.ErrorContains(t, err, "with b the parts have more than the 100 bytes")
	_, err = bundle.VerifySmall(bytes.NewReader(parts), nil, now, 1, 100, 200)
	require.ErrorContains(t, err, "more than the 1 parts")
}

// The contents may be whole: what is said is that another program packed them.
func TestARepackedBundleIsToldApart(t *testing.T) {
	private, trusted := goodSigner(t)
	good := write(t, contents(t), private)
	parts := unpack(t, good)
	repack := func(change func(*tar.Header)) []byte {
		var out bytes.Buffer
		w := tar.NewWriter(&out)
		for _, p := range parts {
			head := tar.Header{Typeflag: tar.TypeReg, Name: p.Path, Size: int64(len(p.Content)), Mode: 0o644, ModTime: started.Truncate(time.Second), Format: tar.FormatUSTAR}
			change(&head)
			require.NoError(t, w.WriteHeader(&head))
			_, err := w.Write(p.Content)
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	require.Equal(t, good, repack(func(*tar.Header) {}))
	for _, c := range []struct {
		at   int
		part string
		says string
	}{
		{512 + len(parts[0].Content), parts[0].Path, "bytes between it and the next part"},
		{len(good) - 1, "", "follow 512 bytes in place of 512 zeros"},
	} {
		changed := bytes.Clone(good)
		changed[c.at] = 1
		v := verify(t, changed, trusted)
		require.Len(t, v.Problems, 1)
		require.Equal(t, bundle.Repacked, v.Problems[0].Kind)
		require.Equal(t, c.part, v.Problems[0].Part)
		require.Contains(t, v.Problems[0].Message, c.says)
	}
	for name, change := range map[string]func(*tar.Header){
		"owner": func(h *tar.Header) { h.Uname = "root" },
		"mode":  func(h *tar.Header) { h.Mode = 0o600 },
		"time":  func(h *tar.Header) { h.ModTime = h.ModTime.Add(time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			v := verify(t, repack(change), trusted)
			require.Len(t, v.Problems, len(parts))
			for _, p := range v.Problems {
				require.Equal(t, bundle.Repacked, p.Kind)
			}
			require.Equal(t, len(parts)-1, v.Parts, "what is in them is as it was signed")
		})
	}
}

// Whatever the bytes, there is an answer; and only the bundle that was signed
// verifies. With -fuzzminimizetime 1x it tries hundreds of inputs a second: they
// are too long to be made shorter.
func FuzzVerify(f *testing.F) {
	private, trusted := goodSigner(f)
	good := write(f, contents(f), private)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(with(f, good, bundle.StatementPath, nil))
	f.Add(with(f, good, bundle.ReportPath, []byte(`{"format":"gatehouse.readiness/1","seconds":1e300,"started":"9999-12-31T00:00:00Z"}`)))
	f.Add(restate(f, good, private, func(s map[string]any) { s["predicate"] = map[string]any{} }))
	f.Add(entry(f, tar.Header{Typeflag: tar.TypeReg, Name: "x", Size: 10 << 30, Format: tar.FormatGNU}, ""))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		v, err := bundle.Verify(bytes.NewReader(content), []signing.Key{trusted}, now)
		if err == nil && v.Verified {
			require.Equal(t, good, content)
		}
		_, _ = bundle.Report(bytes.NewReader(content))
	})
}

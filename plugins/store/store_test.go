package store_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha512"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

func open(t testing.TB, dir string, step func(string)) *store.Store {
	t.Helper()
	s, err := store.Open(dir, volume.Options{Step: step})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func plugin(t testing.TB, name, version string) (store.Spec, []byte) {
	t.Helper()
	packed := tarballtest.Pack(t, tarballtest.Plugin(name, version))
	return spec(name, version, packed), packed
}

func spec(name, version string, packed []byte) store.Spec {
	return store.Spec{Ref: plugins.Ref{Name: name, Version: version}, Integrity: plugins.IntegrityOf(sha512.Sum512(packed))}
}

func stage(t testing.TB, s *store.Store, spec store.Spec, packed []byte) (store.Entry, error) {
	t.Helper()
	return s.Stage(t.Context(), spec, bytes.NewReader(packed), tarball.DefaultLimits())
}

// nothing checks that no trace of a failure is left.
func nothing(t testing.TB, s *store.Store) {
	t.Helper()
	listed, err := s.List()
	require.NoError(t, err)
	require.Empty(t, listed)
	left, err := s.Volume().Folders("tmp")
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestStage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, nil)
	files := tarballtest.Plugin("@backstage/plugin-x", "1.2.3")
	packed := tarballtest.Pack(t, files)
	spec := spec("@backstage/plugin-x", "1.2.3", packed)
	_, err := s.Find(t.Context(), spec)
	require.ErrorIs(t, err, store.ErrAbsent)

	old := syscall.Umask(0o077) // whatever it is, other pods must be able to read
	entry, err := stage(t, s, spec, packed)
	syscall.Umask(old)
	require.NoError(t, err)
	require.Equal(t, store.Staged, entry.Outcome)
	require.Regexp(t, `^store/@backstage\+plugin-x@1\.2\.3-[0-9a-f]{32}/package$`, entry.Package())
	for name, want := range files {
		path := filepath.Join(dir, entry.Package(), name)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, want, string(got))
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o644), info.Mode())
		require.True(t, volume.Made.Equal(info.ModTime()))
	}
	require.NoError(t, filepath.WalkDir(filepath.Join(dir, "store"), func(path string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		if info, err := d.Info(); d.IsDir() {
			require.NoError(t, err)
			require.Equal(t, fs.FileMode(0o755), info.Mode().Perm(), path)
		}
		return nil
	}))
	found, err := s.Find(t.Context(), spec)
	require.NoError(t, err)
	found.Outcome = store.Staged
	require.Equal(t, entry, found)

	again, err := s.Stage(t.Context(), spec, iotest.ErrReader(errors.New("not to be read")), tarball.DefaultLimits())
	require.NoError(t, err)
	require.Equal(t, store.Reused, again.Outcome)
	require.Equal(t, entry.Content, again.Content)
	left, err := s.Volume().Folders("tmp")
	require.NoError(t, err)
	require.Empty(t, left)

	other := open(t, t.TempDir(), nil)
	elsewhere, err := stage(t, other, spec, packed)
	require.NoError(t, err)
	require.Equal(t, entry, elsewhere, "the same bytes give the same everywhere")
}

func TestExecutable(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	manifest := tarballtest.Plugin("x", "1.0.0")["package.json"]
	packed := tarballtest.Gzip(t, tarballtest.Tar(t, []tar.Header{{Name: "package/package.json"}, {Name: "package/bin/x", Mode: 0o4777}}, manifest, "#!/bin/sh"))
	entry, err := stage(t, s, spec("x", "1.0.0", packed), packed)
	require.NoError(t, err)
	info, err := s.Volume().Root().Stat(entry.Package() + "/bin/x")
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o755), info.Mode())
}

func TestRefused(t *testing.T) {
	manifest := func(text string) []byte { return tarballtest.Pack(t, map[string]string{"package.json": text}) }
	for name, packed := range map[string][]byte{
		"misnamed": manifest(`{"name":"y","version":"1.0.0"}`),
		// encoding/json alone would take the second for the first.
		"two readings":     manifest(`{"name":"y","Name":"x","version":"1.0.0"}`),
		"another version":  manifest(`{"name":"x","version":"1.0.1"}`),
		"no JSON":          manifest(`{"name":"x","version":"1.0.0"`),
		"no manifest":      tarballtest.Pack(t, map[string]string{"index.js": ""}),
		"too long to read": manifest(`{"name":"x","version":"1.0.0","a":"` + strings.Repeat("a", 1<<20) + `"}`),
		"traversal":        tarballtest.Gzip(t, tarballtest.Tar(t, []tar.Header{{Name: "package/../../x"}}, "x")),
		"no gzip":          []byte("no gzip"),
		"nothing":          nil,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), nil)
			_, err := stage(t, s, spec("x", "1.0.0", packed), packed)
			require.Error(t, err)
			require.True(t, store.Refused(err), err)
			nothing(t, s)
		})
	}
	t.Run("integrity", func(t *testing.T) {
		s := open(t, t.TempDir(), nil)
		want, _ := plugin(t, "x", "1.0.0")
		_, other := plugin(t, "y", "1.0.0")
		_, err := stage(t, s, want, other)
		var refusal *store.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, store.Integrity, refusal.Reason)
		require.ErrorContains(t, err, want.Integrity.String())
		nothing(t, s)
	})
	t.Run("bad specs", func(t *testing.T) {
		s := open(t, t.TempDir(), nil)
		good, packed := plugin(t, "x", "1.0.0")
		_, err := stage(t, s, store.Spec{Ref: good.Ref}, packed)
		require.ErrorContains(t, err, "no integrity")
		_, err = stage(t, s, store.Spec{Ref: plugins.Ref{Name: "../x", Version: "1.0.0"}, Integrity: good.Integrity}, packed)
		require.ErrorContains(t, err, "no name")
	})
}

// What is not the package's fault is no refusal.
func TestUnknown(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	spec, packed := plugin(t, "x", "1.0.0")
	broken := errors.New("the line is broken")
	_, err := s.Stage(t.Context(), spec, io.MultiReader(bytes.NewReader(packed[:40]), iotest.ErrReader(broken)), tarball.DefaultLimits())
	require.ErrorIs(t, err, broken)
	require.False(t, store.Refused(err))
	nothing(t, s)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Stage(ctx, spec, bytes.NewReader(packed), tarball.DefaultLimits())
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, store.Refused(err))
	nothing(t, s)
}

// Two are let go at the moment in which each has all of it ready.
func TestTwoAtOnce(t *testing.T) {
	dir := t.TempDir()
	spec, packed := plugin(t, "x", "1.0.0")
	var ready, done sync.WaitGroup
	ready.Add(2)
	outcomes := make(chan store.Outcome, 2)
	for range 2 {
		s := open(t, dir, func(step string) {
			if strings.HasPrefix(step, "rename store/") {
				ready.Done()
				ready.Wait()
			}
		})
		done.Go(func() {
			entry, err := s.Stage(t.Context(), spec, bytes.NewReader(packed), tarball.DefaultLimits())
			if err != nil {
				t.Error(err)
			}
			outcomes <- entry.Outcome
		})
	}
	done.Wait()
	require.ElementsMatch(t, []store.Outcome{store.Staged, store.Reused}, []store.Outcome{<-outcomes, <-outcomes})
	s := open(t, dir, nil)
	left, err := s.Volume().Folders("tmp")
	require.NoError(t, err)
	require.Empty(t, left)
}

// What another has put there at the last moment is not believed unseen.
func TestAnotherIsDamaged(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, func(step string) {
		if place, found := strings.CutPrefix(step, "rename store/"); found {
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "store", place, "package"), 0o755))
		}
	})
	spec, packed := plugin(t, "x", "1.0.0")
	_, err := stage(t, s, spec, packed)
	var damaged *store.DamagedError
	require.ErrorAs(t, err, &damaged)
}

func TestLongNames(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	long := strings.Repeat("a", 200)
	seen := map[string]bool{}
	for _, name := range []string{long, long + "b", "@a/b-c", "@a-b/c"} {
		spec, packed := plugin(t, name, "1.0.0-"+strings.Repeat("x", 100))
		entry, err := stage(t, s, spec, packed)
		require.NoError(t, err)
		seen[entry.Folder()] = true
	}
	require.Len(t, seen, 4)
}

package volume_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/store/volume"
)

func open(t *testing.T, dir string, step func(string)) *volume.Volume {
	t.Helper()
	v, err := volume.Open(dir, volume.Options{Step: step})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}

// One of many wins, and what it wrote is what is read.
func TestCreate(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, nil)
	var writers sync.WaitGroup
	wins := make(chan string, 8)
	for _, content := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		writers.Go(func() {
			if won, err := v.Create("states/1", []byte(content)); err != nil {
				t.Error(err)
			} else if won {
				wins <- content
			}
		})
	}
	writers.Wait()
	close(wins)
	require.Len(t, wins, 1)
	got, err := os.ReadFile(filepath.Join(dir, "states/1"))
	require.NoError(t, err)
	require.Equal(t, <-wins, string(got))
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, nil)
	for _, content := range []string{"one", "two"} {
		require.NoError(t, v.Replace("current", []byte(content)))
		got, err := os.ReadFile(filepath.Join(dir, "current"))
		require.NoError(t, err)
		require.Equal(t, content, string(got))
	}
}

// A file that takes no more names is copied (EFS takes 177, ext4 65,000).
func TestLinkOrCopy(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, nil)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte("abc"), 0o644))
	temp, err := v.Temp("x")
	require.NoError(t, err)
	require.NoError(t, temp.Link("file", "a/linked", 0o644))
	first, err := os.Stat(filepath.Join(dir, "file"))
	require.NoError(t, err)
	linked, err := os.Stat(filepath.Join(dir, temp.Path(), "a/linked"))
	require.NoError(t, err)
	require.True(t, os.SameFile(first, linked))

	other := t.TempDir() // a file of another file system takes no link at all
	if err := syscall.Mount("tmpfs", other, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("needs the right to mount a file system in memory: " + err.Error())
	}
	defer func() { require.NoError(t, syscall.Unmount(other, syscall.MNT_DETACH)) }()
	require.NoError(t, os.WriteFile(filepath.Join(other, "file"), []byte("far"), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "mounted"), 0o755))
	if err := syscall.Mount(other, filepath.Join(dir, "mounted"), "", syscall.MS_BIND, ""); err != nil {
		t.Skip("needs the right to mount a folder elsewhere: " + err.Error())
	}
	defer func() { require.NoError(t, syscall.Unmount(filepath.Join(dir, "mounted"), syscall.MNT_DETACH)) }()
	require.NoError(t, temp.Link("mounted/file", "a/copied", 0o755))
	got, err := os.ReadFile(filepath.Join(dir, temp.Path(), "a/copied"))
	require.NoError(t, err)
	require.Equal(t, "far", string(got))
	require.NoError(t, temp.Discard())
}

// What another has put in place since is not taken for the damaged one.
func TestAside(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, nil)
	at := filepath.Join(dir, "x")
	require.NoError(t, os.Mkdir(at, 0o755))
	seen, err := os.Lstat(at)
	require.NoError(t, err)
	require.NoError(t, os.Rename(at, at+"-elsewhere"))
	require.NoError(t, os.Mkdir(at, 0o755))
	kept, err := v.Aside("x", seen)
	require.NoError(t, err)
	require.Empty(t, kept)
	require.DirExists(t, at)
	seen, err = os.Lstat(at)
	require.NoError(t, err)
	kept, err = v.Aside("x", seen)
	require.NoError(t, err)
	require.NoDirExists(t, at)
	require.DirExists(t, filepath.Join(dir, kept))
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, nil)
	temp, err := v.Temp("young")
	require.NoError(t, err)
	require.NoError(t, temp.Write("a", 0o644, bytes.NewReader(nil)))
	old, err := v.Temp("old")
	require.NoError(t, err)
	before := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(dir, old.Path()), before, before))
	gone, err := v.Sweep(t.Context(), before.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, []string{old.Path()}, gone)
	require.DirExists(t, filepath.Join(dir, temp.Path()))
}

// While a folder is flushed it must not look like what a crash has left.
func TestSweepDuringPublish(t *testing.T) {
	dir := t.TempDir()
	var v *volume.Volume
	steps := 0
	v = open(t, dir, func(string) {
		steps++
		if v != nil {
			gone, err := v.Sweep(t.Context(), time.Now().Add(-time.Hour))
			require.NoError(t, err)
			require.Empty(t, gone)
		}
	})
	temp, err := v.Temp("x")
	require.NoError(t, err)
	require.NoError(t, temp.Write("a/b", 0o644, bytes.NewReader([]byte("x"))))
	won, err := temp.Publish(t.Context(), "place/x")
	require.NoError(t, err)
	require.True(t, won)
	require.Greater(t, steps, 5)
}

// What is removed is gone from its place before any of it is deleted.
func TestRemoveIsWhole(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "x/y"), 0o755))
	renamed := false
	v := open(t, dir, func(step string) {
		_, err := os.Stat(filepath.Join(dir, "x/y"))
		require.Equal(t, renamed, errors.Is(err, os.ErrNotExist), step)
		renamed = renamed || step == "rename x"
	})
	require.NoError(t, v.Remove("x"))
	require.NoError(t, v.Remove("x"), "twice")
}

func TestExplain(t *testing.T) {
	require.NoError(t, volume.Explain("do", nil))
	for code, want := range map[syscall.Errno]error{
		syscall.ENOSPC: volume.ErrFull, syscall.EDQUOT: volume.ErrFull, syscall.EFBIG: volume.ErrFull,
		syscall.EROFS: volume.ErrReadOnly, syscall.EACCES: volume.ErrDenied, syscall.EPERM: volume.ErrDenied,
	} {
		err := volume.Explain("outer", volume.Explain("inner", &os.PathError{Op: "open", Path: "x", Err: code}))
		require.ErrorIs(t, err, want)
		require.ErrorIs(t, err, code)
		require.ErrorContains(t, err, "outer: ")
	}
	require.NotErrorIs(t, volume.Explain("do", syscall.EIO), volume.ErrFull)
}

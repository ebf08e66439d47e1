package npm_test

import (
	"context"
	"crypto/sha512"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
)

var _ npm.Cache = npm.Folder("")

func put(t *testing.T, f npm.Folder, content string) plugins.Integrity {
	t.Helper()
	integrity := plugins.IntegrityOf(sha512.Sum512([]byte(content)))
	path := filepath.Join(t.TempDir(), "x.tgz")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	require.NoError(t, f.Put(t.Context(), integrity, path))
	require.FileExists(t, path, "it is the caller's")
	return integrity
}

func TestAFolderKeeps(t *testing.T) {
	f := npm.Folder(filepath.Join(t.TempDir(), "not", "there", "yet"))
	_, err := f.Open(t.Context(), plugins.IntegrityOf(sha512.Sum512(nil)))
	require.ErrorIs(t, err, npm.ErrNotCached)
	_, err = f.Open(t.Context(), plugins.Integrity{})
	require.ErrorIs(t, err, npm.ErrNotCached)
	integrity := put(t, f, "content")
	put(t, f, "content")
	kept, err := f.Open(t.Context(), integrity)
	require.NoError(t, err)
	content, err := io.ReadAll(kept)
	require.NoError(t, err)
	require.NoError(t, kept.Close())
	require.Equal(t, "content", string(content))
	place := filepath.Join(string(f), npm.CacheKey(integrity))
	info, err := os.Stat(place)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	beside, err := os.ReadDir(filepath.Dir(place))
	require.NoError(t, err)
	require.Len(t, beside, 1, "nothing is left beside it")
}

func TestWhatIsDamagedIsRemoved(t *testing.T) {
	for name, damage := range map[string]func(place string) error{
		"changed":   func(place string) error { return os.WriteFile(place, []byte("Content"), 0o600) },
		"truncated": func(place string) error { return os.Truncate(place, 3) },
		"empty":     func(place string) error { return os.Truncate(place, 0) },
		"a pipe": func(place string) error {
			_ = os.Remove(place)
			return syscall.Mkfifo(place, 0o600)
		},
		"a link": func(place string) error {
			_ = os.Remove(place)
			return os.Symlink("/etc/passwd", place)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := npm.Folder(t.TempDir())
			integrity := put(t, f, "content")
			place := filepath.Join(string(f), npm.CacheKey(integrity))
			require.NoError(t, damage(place))
			_, err := f.Open(t.Context(), integrity)
			require.ErrorIs(t, err, npm.ErrDamaged)
			require.ErrorContains(t, err, place)
			require.FileExists(t, "/etc/passwd")
			_, err = os.Lstat(place)
			require.ErrorIs(t, err, os.ErrNotExist)
			_, err = f.Open(t.Context(), integrity)
			require.ErrorIs(t, err, npm.ErrNotCached)
			put(t, f, "content")
		})
	}
}

func TestAFolderKeepsNothingWrong(t *testing.T) {
	f := npm.Folder(t.TempDir())
	path := filepath.Join(t.TempDir(), "x.tgz")
	require.NoError(t, os.WriteFile(path, []byte("content"), 0o600))
	other := plugins.IntegrityOf(sha512.Sum512([]byte("other")))
	require.ErrorIs(t, f.Put(t.Context(), other, path), npm.ErrIntegrity)
	require.ErrorIs(t, f.Put(t.Context(), plugins.Integrity{}, path), npm.ErrIntegrity)
	require.ErrorIs(t, f.Put(t.Context(), other, path+"-absent"), os.ErrNotExist)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, f.Put(ctx, plugins.IntegrityOf(sha512.Sum512([]byte("content"))), path), context.Canceled)
	require.NoError(t, filepath.WalkDir(string(f), func(path string, entry os.DirEntry, err error) error {
		require.True(t, err != nil || entry.IsDir(), path)
		return err
	}))

	// What is no folder is said, and is not "not cached".
	_, err := npm.Folder(path).Open(t.Context(), other)
	require.ErrorIs(t, err, syscall.ENOTDIR)
	require.NotErrorIs(t, err, npm.ErrNotCached)
	require.ErrorIs(t, npm.Folder(path).Put(t.Context(), plugins.IntegrityOf(sha512.Sum512([]byte("content"))), path), syscall.ENOTDIR)
}

package npm_test

import (
	"bytes"
	"log/slog"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

// small is a folder with 64 KiB.
func small(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a file system of a size is needed: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(folder, 0)) })
	return folder
}

func TestAFullDisk(t *testing.T) {
	registry := npmtest.New(t)
	p := one
	p.Raw = []byte(strings.Repeat("x", 1<<17))
	published := registry.Publish(p)

	folder := small(t)
	c, waited := client(t, registry, func(o *npm.Options) { o.Folder = folder })
	_, err := c.Fetch(t.Context(), published.Ref, published.Integrity)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NotErrorIs(t, err, npm.ErrUnreachable)
	require.Empty(t, *waited, "the registry cannot help")
	empty(t, folder)

	// A full cache hinders nobody.
	full, log := npm.Folder(small(t)), &bytes.Buffer{}
	c, _ = client(t, registry, func(o *npm.Options) { o.Cache, o.Log = full, slog.New(slog.NewTextHandler(log, nil)) })
	tarball, err := c.Fetch(t.Context(), published.Ref, published.Integrity)
	require.NoError(t, err)
	require.Equal(t, published.Tarball, read(t, tarball))
	require.Contains(t, log.String(), "no space left")
	_, err = full.Open(t.Context(), published.Integrity)
	require.ErrorIs(t, err, npm.ErrNotCached, "nothing half is kept")
}

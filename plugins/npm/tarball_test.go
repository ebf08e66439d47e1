package npm_test

import (
	"bytes"
	"context"
	"crypto/sha512"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

func empty(t *testing.T, folder string) {
	t.Helper()
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestATarballIsWhatItMustBe(t *testing.T) {
	for name, c := range map[string]struct {
		lies []npmtest.Lie
		want string
	}{
		"another tarball":     {lies: []npmtest.Lie{npmtest.WrongIntegrity}, want: "want sha512-"},
		"only the old sum":    {lies: []npmtest.Lie{npmtest.OnlyShasum}, want: "weaker proves too little"},
		"sha1 as integrity":   {lies: []npmtest.Lie{npmtest.Dist("integrity", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=")}, want: "weaker proves too little"},
		"sha256 as integrity": {lies: []npmtest.Lie{npmtest.Dist("integrity", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")}, want: "weaker proves too little"},
	} {
		t.Run(name, func(t *testing.T) {
			registry, folder := npmtest.New(t), t.TempDir()
			p := one
			p.Lies = c.lies
			published := registry.Publish(p)
			client, waited := client(t, registry, func(o *npm.Options) { o.Folder = folder })
			m, err := client.Manifest(t.Context(), published.Ref)
			require.NoError(t, err)
			_, err = client.Tarball(t.Context(), m)
			require.ErrorIs(t, err, npm.ErrIntegrity)
			require.ErrorContains(t, err, "fetch the tarball of one@1.0.0: ")
			require.ErrorContains(t, err, c.want)
			empty(t, folder)
			// Who knows what it must be is not told otherwise by the registry.
			_, err = client.Fetch(t.Context(), published.Ref, published.Integrity)
			require.ErrorIs(t, err, npm.ErrIntegrity)
			require.Empty(t, *waited)
		})
	}
	// A registry that is sure of itself does not know better than who asks.
	registry := npmtest.New(t)
	published := registry.Publish(one)
	c, _ := client(t, registry)
	_, err := c.Fetch(t.Context(), published.Ref, plugins.IntegrityOf(sha512.Sum512([]byte("mine"))))
	require.ErrorIs(t, err, npm.ErrIntegrity)
	require.ErrorContains(t, err, "the registry has "+published.Integrity.String())
	require.Zero(t, registry.Asked(npmtest.TarballPath(published.Ref)))
	_, err = c.Fetch(t.Context(), published.Ref, plugins.Integrity{})
	require.ErrorIs(t, err, npm.ErrIntegrity)
}

func TestATarballIsReadAnywhereAndLeavesNothing(t *testing.T) {
	registry, folder := npmtest.New(t), t.TempDir()
	published := registry.Publish(one)
	c, _ := client(t, registry, func(o *npm.Options) { o.Folder = folder })
	m, err := c.Manifest(t.Context(), published.Ref)
	require.NoError(t, err)
	tarball, err := c.Tarball(t.Context(), m)
	require.NoError(t, err)
	empty(t, folder) // its file has no name
	require.EqualValues(t, len(published.Tarball), tarball.Size())
	require.NoError(t, iotest.TestReader(tarball, published.Tarball))
	require.NoError(t, tarball.Close())

	c, _ = client(t, registry, func(o *npm.Options) { o.Folder = folder + "/absent" })
	_, err = c.Tarball(t.Context(), m)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "make a temporary file: ")
	require.NotErrorIs(t, err, npm.ErrUnreachable, "that is this machine's")
}

func TestASecondInstallAsksForNothing(t *testing.T) {
	registry, cache := npmtest.New(t), npm.Folder(t.TempDir())
	published := registry.Publish(one)
	for range 3 {
		c, _ := client(t, registry, func(o *npm.Options) { o.Cache = cache })
		tarball, err := c.Fetch(t.Context(), published.Ref, published.Integrity)
		require.NoError(t, err)
		require.Equal(t, published.Tarball, read(t, tarball))
		require.Len(t, registry.Requests(), 2, "the document and the tarball, once")
	}
}

func TestManyAtOnce(t *testing.T) {
	registry, cache := npmtest.New(t), npm.Folder(t.TempDir())
	published := registry.Publish(one)
	c, _ := client(t, registry, func(o *npm.Options) { o.Cache = cache })
	errs := make([]error, 16)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			tarball, err := c.Fetch(context.Background(), published.Ref, published.Integrity)
			if err == nil {
				content, failed := io.ReadAll(tarball)
				err = errors.Join(failed, tarball.Close())
				if !bytes.Equal(content, published.Tarball) {
					err = errors.New("it is another")
				}
			}
			errs[i] = err
		})
	}
	all.Wait()
	require.NoError(t, errors.Join(errs...))
}

// liar is a cache that gives anything.
type liar struct {
	content io.Reader
	open    error
	put     error
}

func (l *liar) Open(context.Context, plugins.Integrity) (io.ReadCloser, error) {
	return io.NopCloser(l.content), l.open
}
func (l *liar) Put(context.Context, plugins.Integrity, string) error { return l.put }

func TestACacheIsNotTrusted(t *testing.T) {
	for name, c := range map[string]struct {
		cache  liar
		logged string
	}{
		"another":       {liar{content: strings.NewReader("another")}, "damaged"},
		"breaks off":    {liar{content: iotest.ErrReader(errors.New("no route"))}, "no route"},
		"never ends":    {liar{content: endless{}}, "too large"},
		"cannot open":   {liar{open: errors.New("denied")}, "denied"},
		"cannot put":    {liar{open: npm.ErrNotCached, put: errors.New("full")}, "full"},
		"does not have": {liar{open: npm.ErrNotCached}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			registry, folder, log := npmtest.New(t), t.TempDir(), &bytes.Buffer{}
			published := registry.Publish(one)
			client, _ := client(t, registry, func(o *npm.Options) {
				o.Cache, o.Folder, o.Log = &c.cache, folder, slog.New(slog.NewTextHandler(log, nil))
				o.Limits.Tarball = 1 << 20
			})
			tarball, err := client.Fetch(t.Context(), published.Ref, published.Integrity)
			require.NoError(t, err)
			require.Equal(t, published.Tarball, read(t, tarball))
			require.Len(t, registry.Requests(), 2)
			empty(t, folder)
			require.Equal(t, c.logged != "", log.Len() > 0)
			require.Contains(t, log.String(), c.logged)
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestACacheEndsWithTheContext(t *testing.T) {
	registry := npmtest.New(t)
	published := registry.Publish(one)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	log := &bytes.Buffer{}
	c, _ := client(t, registry, func(o *npm.Options) {
		o.Cache, o.Log = &liar{content: endless{}}, slog.New(slog.NewTextHandler(log, nil))
	})
	_, err := c.Fetch(ctx, published.Ref, published.Integrity)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, log.String(), "the cache is not to blame")
	require.Empty(t, registry.Requests())
}

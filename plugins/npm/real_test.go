package npm_test

import (
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
)

// real is a client of the registry that npm is configured for.
func real(t *testing.T, change ...func(*npm.Options)) *npm.Client {
	t.Helper()
	if testing.Short() {
		t.Skip("long: asks npm's registry")
	}
	out, err := exec.CommandContext(t.Context(), "npm", "config", "get", "registry").Output()
	if err != nil {
		t.Skipf("npm says which registry to ask, and is not to be had: %v", err)
	}
	at, err := url.Parse(strings.TrimSpace(string(out)))
	require.NoError(t, err)
	o := npm.Options{Registry: at, Folder: t.TempDir(), Retries: 1, Limits: npm.Limits{Each: 20 * time.Second}}
	for _, each := range change {
		each(&o)
	}
	c, err := npm.New(o)
	require.NoError(t, err)
	if _, err := c.Manifest(t.Context(), plugins.Ref{Name: "is-number", Version: "7.0.0"}); err != nil {
		t.Skipf("the registry does not answer: %v", err)
	}
	return c
}

func TestRealPackages(t *testing.T) {
	cache := npm.Folder(t.TempDir())
	c := real(t, func(o *npm.Options) { o.Cache = cache })
	for _, want := range []npm.Package{
		{Ref: plugins.Ref{Name: "is-number", Version: "7.0.0"}, Licence: "MIT", Main: "index.js"},
		{
			Ref:     plugins.Ref{Name: "@backstage/plugin-catalog-backend", Version: "1.24.0"},
			Licence: "Apache-2.0", Main: "./dist/index.cjs.js", Types: "./dist/index.d.ts", Backstage: npm.Backstage{Role: "backend-plugin"},
		},
		{Ref: plugins.Ref{Name: "esbuild", Version: "0.21.5"}, Licence: "MIT", Main: "lib/main.js", Types: "lib/main.d.ts", InstallScript: true},
		{Ref: plugins.Ref{Name: "jsonparse", Version: "0.0.6"}, Licence: "MIT", Main: "jsonparse.js"}, // before SPDX
	} {
		t.Run(want.Ref.String(), func(t *testing.T) {
			m, err := c.Manifest(t.Context(), want.Ref)
			require.NoError(t, err)
			got := m.Package
			require.Equal(t, want.Backstage.Role, got.Backstage.Role)
			got.Dependencies, got.OptionalDependencies, got.Engines, got.Scripts, got.Backstage = nil, nil, nil, nil, want.Backstage
			require.Equal(t, want, got)
			require.False(t, m.Published.IsZero())
			require.NotEmpty(t, m.Dist.Shasum)
			if m.Dist.Integrity.IsZero() {
				_, err := c.Tarball(t.Context(), m)
				require.ErrorIs(t, err, npm.ErrIntegrity)
				return
			}
			tarball, err := c.Tarball(t.Context(), m)
			require.NoError(t, err)
			require.Positive(t, tarball.Size())
			content := read(t, tarball)
			kept, err := c.Fetch(t.Context(), want.Ref, m.Dist.Integrity)
			require.NoError(t, err)
			require.Equal(t, content, read(t, kept))
		})
	}
	_, err := c.Manifest(t.Context(), plugins.Ref{Name: "is-number", Version: "7.0.99"})
	var absent *npm.VersionNotFoundError
	require.ErrorAs(t, err, &absent)
	require.Equal(t, []string{"6.0.0", "7.0.0"}, absent.Nearest)
	_, err = c.Manifest(t.Context(), plugins.Ref{Name: "gatehouse-no-such-package", Version: "7.0.99"})
	require.ErrorIs(t, err, npm.ErrNotFound)
	// Mirrors may have neither; what they have must be read.
	if keys, err := c.Keys(t.Context()); err != nil {
		require.ErrorIs(t, err, npm.ErrNoKeys)
	} else {
		require.NotEmpty(t, keys)
	}
}

package npm_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

// client asks the registry, waits for nothing and notes how long it would have.
func client(t *testing.T, registry *npmtest.Registry, change ...func(*npm.Options)) (*npm.Client, *[]time.Duration) {
	t.Helper()
	waited := &[]time.Duration{}
	o := npm.Options{
		Registry: registry.URL, Folder: t.TempDir(),
		Now:    func() time.Time { return npmtest.Published },
		Random: func() float64 { return 0 },
		Wait: func(ctx context.Context, d time.Duration) error {
			*waited = append(*waited, d)
			return ctx.Err()
		},
	}
	for _, each := range change {
		each(&o)
	}
	c, err := npm.New(o)
	require.NoError(t, err)
	return c, waited
}

func TestAManifestHasAllThatTheRegistrySays(t *testing.T) {
	registry := npmtest.New(t)
	fields := map[string]any{
		"dependencies":         map[string]string{"lodash": "^4.17.21"},
		"peerDependencies":     map[string]string{"react": "^18", "@types/react": "*"},
		"peerDependenciesMeta": map[string]any{"@types/react": map[string]any{"optional": true}},
		"optionalDependencies": map[string]string{"fsevents": "2"},
		"bundleDependencies":   []string{"lodash"},
		"engines":              map[string]string{"node": "20 || 22"},
		"scripts":              map[string]string{"build": "tsc", "postinstall": "node evil.js"},
		"types":                "dist/index.d.ts",
		"license":              "(MIT OR Apache-2.0)",
		"backstage": map[string]any{
			"role": "backend-plugin", "pluginId": "one", "supported-versions": "1.40.0",
			"features": map[string]string{".": "@backstage/BackendFeature"},
		},
	}
	published := registry.Publish(npmtest.Package{
		Name: "@acme/plugin-one", Version: "1.2.3", Fields: fields, Deprecated: "use two",
		Attestations: []byte(`{"attestations":[]}`), Time: npmtest.Published.Add(time.Hour),
	})
	c, _ := client(t, registry)
	m, err := c.Manifest(t.Context(), published.Ref)
	require.NoError(t, err)
	require.Equal(t, npm.Package{
		Ref: published.Ref, Licence: "(MIT OR Apache-2.0)",
		Dependencies:         map[string]string{"lodash": "^4.17.21"},
		PeerDependencies:     map[string]string{"react": "^18", "@types/react": "*"},
		OptionalDependencies: map[string]string{"fsevents": "2"},
		OptionalPeers:        []string{"@types/react"}, BundleDependencies: []string{"lodash"},
		Engines:       map[string]string{"node": "20 || 22"},
		Scripts:       map[string]string{"build": "tsc", "postinstall": "node evil.js"},
		InstallScript: true, Main: "dist/index.cjs.js", Types: "dist/index.d.ts",
		Backstage: npm.Backstage{
			Role: "backend-plugin", PluginID: "one", SupportedVersions: "1.40.0",
			Features: map[string]string{".": "@backstage/BackendFeature"},
		},
	}, m.Package)
	require.Equal(t, "use two", m.Deprecated)
	require.Equal(t, npmtest.Published.Add(time.Hour), m.Published)
	require.Equal(t, published.Integrity, m.Dist.Integrity)
	require.EqualValues(t, 2, m.Dist.FileCount)
	require.Positive(t, m.Dist.UnpackedSize)
	require.Len(t, m.Dist.Shasum, 40)
	require.Len(t, m.Dist.Signatures, 1)
	require.Len(t, m.Digest, 64)
	require.Equal(t, "https://slsa.dev/provenance/v1", m.Dist.Attestations.PredicateType)
	require.Equal(t, 1, registry.Asked("/@acme%2fplugin-one"), "the scope is escaped")

	attestations, err := c.Attestations(t.Context(), m)
	require.NoError(t, err)
	require.JSONEq(t, `{"attestations":[]}`, string(attestations))
	registry.Fault(npmtest.AttestationsPath(published.Ref), npmtest.Saying("<html>"))
	_, err = c.Attestations(t.Context(), m)
	require.ErrorIs(t, err, npm.ErrInvalid)
	registry.Fault(npmtest.AttestationsPath(published.Ref), npmtest.Failing(99, http.StatusNotFound))
	_, err = c.Attestations(t.Context(), m)
	require.ErrorIs(t, err, npm.ErrNoAttestations)

	// The digest is of what was said, so that it changes with it.
	again := registry.Publish(npmtest.Package{Name: "@acme/plugin-one", Version: "1.2.3", Fields: maps.Clone(fields)})
	other, err := c.Manifest(t.Context(), again.Ref)
	require.NoError(t, err)
	require.NotEqual(t, m.Digest, other.Digest)
	_, err = c.Attestations(t.Context(), other)
	require.ErrorIs(t, err, npm.ErrNoAttestations)
}

func TestWhatIsAbsentIsNamed(t *testing.T) {
	registry := npmtest.New(t)
	for _, version := range []string{"1.0.0", "1.10.0", "1.2.0", "1.9.0", "1.9.9-next.1", "2.0.0", "2.1.0"} {
		registry.Publish(npmtest.Package{Name: "one", Version: version})
	}
	c, waited := client(t, registry)
	for version, nearest := range map[string][]string{
		"1.9.1":        {"1.2.0", "1.9.0", "1.10.0", "2.0.0"},
		"0.1.0":        {"1.0.0", "1.2.0"},
		"3.0.0":        {"2.0.0", "2.1.0"},
		"1.9.9-next.0": {"1.2.0", "1.9.0", "1.9.9-next.1", "1.10.0"},
		"1.9.1+a-b":    {"1.2.0", "1.9.0", "1.10.0", "2.0.0"},
	} {
		_, err := c.Manifest(t.Context(), plugins.Ref{Name: "one", Version: version})
		var absent *npm.VersionNotFoundError
		require.ErrorAs(t, err, &absent, version)
		require.Equal(t, nearest, absent.Nearest, version)
		require.ErrorContains(t, err, "one has no version "+version+"; the nearest are "+strings.Join(nearest, ", "))
	}
	_, err := c.Manifest(t.Context(), plugins.Ref{Name: "two", Version: "1.0.0"})
	require.ErrorIs(t, err, npm.ErrNotFound)
	require.Equal(t, 1, registry.Asked("/two"), "asking again would not help")
	_, err = c.Manifest(t.Context(), plugins.Ref{Name: "one", Version: "latest"})
	require.ErrorContains(t, err, "no exact version")
	_, err = c.Manifest(t.Context(), plugins.Ref{Name: "../one", Version: "1.0.0"})
	require.ErrorContains(t, err, "no name of an npm package")
	require.Empty(t, *waited)
}

func TestAWrongDocumentIsRefused(t *testing.T) {
	const good = `"name":"one","version":"1.0.0","dist":{}`
	for name, c := range map[string]struct{ document, want string }{
		"another package":         {`{"name":"two","versions":{}}`, `the document of "two" for one`},
		"another version":         {`{"name":"one","versions":{"1.0.0":{"name":"one","version":"1.0.1"}}}`, "it answers with one@1.0.1"},
		"another package's":       {`{"name":"one","versions":{"1.0.0":{"name":"two","version":"1.0.0"}}}`, "it answers with two@1.0.0"},
		"twice":                   {`{"name":"one","versions":{"1.0.0":{` + good + `},"1.0.0":{` + good + `}}}`, "the version twice"},
		"no JSON":                 {`<html>`, "invalid character"},
		"a list":                  {`[]`, "no object at byte"},
		"more":                    {`{"name":"one"} {}`, "something follows"},
		"half":                    {`{"name":"one","versions":{"1.0.0":{`, "unexpected EOF"},
		"empty":                   {``, "EOF"},
		"no version's object":     {`{"name":"one","versions":{"1.0.0":7}}`, "cannot unmarshal"},
		"null":                    {`{"name":"one","versions":{"1.0.0":null}}`, "it is null"},
		"a time that is none":     {`{"name":"one","versions":{"1.0.0":{` + good + `}},"time":{"1.0.0":"yesterday"}}`, "time: "},
		"a broken integrity":      {`{"name":"one","versions":{"1.0.0":{"name":"one","version":"1.0.0","dist":{"integrity":"sha512-AAAA"}}}}`, "is no SHA-512"},
		"dist is a text":          {`{"name":"one","versions":{"1.0.0":{"name":"one","version":"1.0.0","dist":"x"}}}`, "dist: "},
		"scripts of other kinds":  {`{"name":"one","versions":{"1.0.0":{"name":"one","version":"1.0.0","scripts":{"install":["x"]}}}}`, "scripts: install is no string"},
		"signatures are no list":  {`{"name":"one","versions":{"1.0.0":{"name":"one","version":"1.0.0","dist":{"signatures":{}}}}}`, "signatures: "},
		"attestations are a text": {`{"name":"one","versions":{"1.0.0":{"name":"one","version":"1.0.0","dist":{"attestations":"x"}}}}`, "attestations: "},
	} {
		t.Run(name, func(t *testing.T) {
			registry := npmtest.New(t)
			registry.Fault("/one", npmtest.Saying(c.document))
			client, waited := client(t, registry)
			_, err := client.Manifest(t.Context(), plugins.Ref{Name: "one", Version: "1.0.0"})
			require.ErrorIs(t, err, npm.ErrInvalid)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "read what the registry says of one@1.0.0: ")
			require.Empty(t, *waited)
		})
	}
}

func TestAnAddressThatIsNone(t *testing.T) {
	for _, text := range []string{"", "registry.example.com", "ftp://registry.example.com", "https:///x", "https://me:secret@registry.example.com"} {
		at, err := url.Parse(text)
		require.NoError(t, err)
		_, err = npm.New(npm.Options{Registry: at})
		require.ErrorContains(t, err, "use the registry: ", "%q", text)
		require.NotContains(t, err.Error(), "secret")
	}
	_, err := npm.New(npm.Options{Limits: npm.Limits{Document: -1}})
	require.ErrorContains(t, err, "below zero")
}

func TestTheKeysAreRead(t *testing.T) {
	registry := npmtest.New(t)
	old := npmtest.NewKey(t).Expired(npmtest.Published)
	registry.Serve(npmtest.NewKey(t), old)
	c, _ := client(t, registry)
	keys, err := c.Keys(t.Context())
	require.NoError(t, err)
	require.Len(t, keys, 2)
	require.Zero(t, keys[0].Expires)
	require.Equal(t, npm.Key{ID: old.ID, Type: old.Type, Scheme: old.Scheme, Public: old.Public, Expires: npmtest.Published}, keys[1])

	registry.Serve()
	_, err = c.Keys(t.Context())
	require.ErrorIs(t, err, npm.ErrNoKeys)
	registry.Fault(npmtest.KeysPath, npmtest.Saying(`{"keys":[]}`))
	_, err = c.Keys(t.Context())
	require.ErrorIs(t, err, npm.ErrNoKeys)
	registry.Fault(npmtest.KeysPath, npmtest.Saying(`{"keys":{}}`))
	_, err = c.Keys(t.Context())
	require.ErrorIs(t, err, npm.ErrInvalid)
	registry.Fault(npmtest.KeysPath, npmtest.Failing(99, http.StatusBadGateway))
	_, err = c.Keys(t.Context())
	require.ErrorIs(t, err, npm.ErrUnreachable)
	require.NotErrorIs(t, err, npm.ErrNoKeys)
}

func read(t *testing.T, tarball *npm.Tarball) []byte {
	t.Helper()
	content, err := io.ReadAll(tarball)
	require.NoError(t, errors.Join(err, tarball.Close()))
	return content
}

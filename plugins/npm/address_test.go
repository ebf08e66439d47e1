package npm_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

// localhost is the same server by another name, which is another origin.
func localhost(registry *npmtest.Registry) string { return "http://localhost:" + registry.URL.Port() }

func withToken(o *npm.Options) { o.Token = func() string { return "secret" } }

func TestTheTokenGoesToTheRegistryAlone(t *testing.T) {
	other := npmtest.New(t)
	for name, c := range map[string]struct {
		tarball func(ref plugins.Ref) string // where the document says it is
		fault   func(ref plugins.Ref) npmtest.Fault
		there   bool // whether the other registry serves it
	}{
		"its own": {},
		"another's tarball": {
			tarball: func(ref plugins.Ref) string { return other.URL.String() + npmtest.TarballPath(ref) }, there: true,
		},
		"redirected": {
			fault: func(ref plugins.Ref) npmtest.Fault {
				return npmtest.Redirected(other.URL.String() + npmtest.TarballPath(ref) + "?signature=mine")
			}, there: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			registry := npmtest.New(t)
			p := npmtest.Package{Name: "@acme/one", Version: "1.0.0"}
			ref := plugins.Ref{Name: p.Name, Version: p.Version}
			if c.tarball != nil {
				p.Lies = []npmtest.Lie{npmtest.Dist("tarball", c.tarball(ref))}
			}
			published := registry.Publish(p)
			other.Publish(p)
			if c.fault != nil {
				registry.Fault(npmtest.TarballPath(ref), c.fault(ref))
			}
			before := len(other.Requests())
			client, _ := client(t, registry, withToken)
			tarball, err := client.Fetch(t.Context(), ref, published.Integrity)
			require.NoError(t, err)
			require.Equal(t, published.Tarball, read(t, tarball))
			for _, request := range registry.Requests() {
				require.Equal(t, "Bearer secret", request.Header.Get("Authorization"), request.Path)
			}
			require.Equal(t, c.there, len(other.Requests()) > before)
			for _, request := range other.Requests() {
				require.Empty(t, request.Header.Get("Authorization"), request.Path)
			}
		})
	}
}

// To net/http, one host by two ports is the same that may have the token.
func TestAnotherPortIsAnotherOrigin(t *testing.T) {
	registry, other := npmtest.New(t), npmtest.New(t)
	published := registry.Publish(one)
	other.Publish(one)
	registry.Fault("/one", npmtest.Redirected(localhost(other)+"/one"))
	c, _ := client(t, registry, withToken)
	_, err := c.Manifest(t.Context(), published.Ref)
	require.NoError(t, err)
	require.Empty(t, other.Requests()[0].Header.Get("Authorization"))
}

func TestRedirectsEnd(t *testing.T) {
	registry := npmtest.New(t)
	published := registry.Publish(one)
	registry.Fault("/one", npmtest.Redirected("/one"))
	c, waited := client(t, registry)
	_, err := c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrInvalid)
	require.ErrorContains(t, err, "more than 5 times")
	require.Equal(t, 6, registry.Asked("/one"))
	require.Empty(t, *waited)
}

// secure serves what the registry serves over TLS.
func secure(t *testing.T, registry *npmtest.Registry) func(*npm.Options) {
	server := httptest.NewTLSServer(registry)
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	require.NoError(t, err)
	return func(o *npm.Options) { o.Registry, o.HTTP = at, server.Client() }
}

func TestHTTPSIsNeverLeft(t *testing.T) {
	registry := npmtest.New(t)
	published := registry.Publish(one) // its tarball is said to be at http
	c, waited := client(t, registry, secure(t, registry), withToken)
	m, err := c.Manifest(t.Context(), published.Ref)
	require.NoError(t, err)
	_, err = c.Tarball(t.Context(), m)
	require.ErrorIs(t, err, npm.ErrInvalid)
	require.ErrorContains(t, err, "asked over https and sends us to http")

	registry.Fault("/one", npmtest.Redirected(registry.URL.String()+"/two?signature=mine"))
	_, err = c.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrInvalid)
	require.ErrorContains(t, err, "redirects from https to http")
	require.NotContains(t, err.Error(), "mine", "such an address lets others in")
	require.Zero(t, registry.Asked("/two"))
	require.Empty(t, *waited)

	// A certificate that nobody knows is no registry.
	stranger, _ := client(t, registry, secure(t, registry), func(o *npm.Options) { o.HTTP = nil })
	_, err = stranger.Manifest(t.Context(), published.Ref)
	require.ErrorIs(t, err, npm.ErrUnreachable)
}

// Mirrors serve npm's documents as they are, with npm's addresses in them.
func TestNPMsTarballsComeFromTheMirror(t *testing.T) {
	registry := npmtest.New(t)
	p := npmtest.Package{Name: "@acme/one", Version: "1.0.0", Lies: []npmtest.Lie{
		npmtest.Dist("tarball", "https://registry.npmjs.org/@acme/one/-/one-1.0.0.tgz"),
		npmtest.Dist("attestations", map[string]any{"url": "https://registry.npmjs.org/-/npm/v1/attestations/@acme%2fone@1.0.0"}),
	}, Attestations: []byte(`{}`)}
	published := registry.Publish(p)
	mirror := httptest.NewServer(http.StripPrefix("/api/npm", registry)) // a registry below a path
	t.Cleanup(mirror.Close)
	at, err := url.Parse(mirror.URL + "/api/npm/")
	require.NoError(t, err)
	c, _ := client(t, registry, func(o *npm.Options) { o.Registry = at })
	m, err := c.Manifest(t.Context(), published.Ref)
	require.NoError(t, err)
	tarball, err := c.Tarball(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, published.Tarball, read(t, tarball))
	attestations, err := c.Attestations(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, "{}", string(attestations))
}

func TestAnAddressThatTheRegistryGivesIsChecked(t *testing.T) {
	for _, text := range []string{"", "file:///etc/passwd", "//x", "https://me:hidden@127.0.0.1/x", "http://[", strings.Repeat("x", 99)} {
		registry := npmtest.New(t)
		p := one
		p.Lies = []npmtest.Lie{npmtest.Dist("tarball", text)}
		published := registry.Publish(p)
		c, _ := client(t, registry)
		_, err := c.Fetch(t.Context(), published.Ref, published.Integrity)
		require.ErrorIs(t, err, npm.ErrInvalid, text)
		require.NotContains(t, err.Error(), "hidden")
	}
}

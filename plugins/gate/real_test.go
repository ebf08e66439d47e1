package gate_test

import (
	"bytes"
	"maps"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/tarball"
)

// real is a client of the registry that npm is configured for.
func real(t *testing.T) *npm.Client {
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
	client, err := npm.New(npm.Options{Registry: at, Folder: t.TempDir(), Retries: 1, Limits: npm.Limits{Each: 30 * time.Second}})
	require.NoError(t, err)
	if _, err := client.Manifest(t.Context(), plugins.Ref{Name: "is-number", Version: "7.0.0"}); err != nil {
		t.Skipf("the registry does not answer: %v", err)
	}
	return client
}

// TestRealPlugins: what the steps say of plugins as they are on npm, for a portal
// of Backstage 1.42 without anything but the framework. Whether the registry signs
// depends on which one it is.
func TestRealPlugins(t *testing.T) {
	client := real(t)
	host := gate.Host{Backstage: "1.42.0", Node: "22.11.0", Packages: map[string]string{"@backstage/backend-plugin-api": "1.4.1", "react": "18.3.1"}}
	well := map[string]gate.Verdict{
		"exists": gate.Pass, "integrity": gate.Pass, "manifest": gate.Pass, "provenance": gate.NotApplicable,
		"licence": gate.Pass, "vulnerabilities": gate.Pass, "scripts": gate.Pass, "limits": gate.Pass,
	}
	for ref, differs := range map[string]map[string]gate.Verdict{
		// Made for a build: nothing is bundled.
		"@backstage/plugin-catalog-backend-module-github@0.14.0": {"compatibility": gate.Refuse, "loadable": gate.Refuse},
		"@backstage/plugin-catalog-backend@4.0.0":                {"compatibility": gate.Refuse, "loadable": gate.Refuse},
		"@backstage/plugin-techdocs@1.18.2":                      {"compatibility": gate.Refuse, "loadable": gate.Refuse},
		// Made for dynamic loading.
		"@janus-idp/backstage-plugin-keycloak-backend-dynamic@2.0.8": {},
		// No plugin.
		"is-number@7.0.0": {"loadable": gate.Refuse, "compatibility": gate.Pass},
	} {
		t.Run(ref, func(t *testing.T) {
			s := newScene(t)
			s.sources.Host, s.sources.Now = gate.Have(host), now
			s.collect(client, ref)
			start := time.Now()
			result := s.check()
			took := time.Since(start)
			var text bytes.Buffer
			require.NoError(t, gate.Render(&text, result, false, 100))
			t.Logf("judged in %s\n%s", took, text.String())
			want := maps.Clone(well)
			maps.Copy(want, differs)
			for _, step := range result.Steps {
				if verdict, found := want[step.Name]; found {
					require.Equal(t, verdict, step.Verdict, "%s: %s", step.Name, step.Reason)
				}
			}
			require.NoError(t, holds(t, schema(t), result))
		})
	}
}

// collect asks the registry for a real package, as the gate's caller does, and
// trusts what it finds.
func (s *scene) collect(client *npm.Client, text string) {
	s.t.Helper()
	t, ok := s.t.(*testing.T)
	require.True(s.t, ok)
	ref, err := plugins.ParseRef(text)
	require.NoError(t, err)
	m, err := client.Manifest(t.Context(), ref)
	require.NoError(t, err)
	packed, err := client.Tarball(t.Context(), m)
	require.NoError(t, err)
	defer func() { require.NoError(t, packed.Close()) }()
	s.candidate = gate.Candidate{
		Ref: ref, Integrity: m.Dist.Integrity, Manifest: gate.Have(m),
		Tarball: gate.Read(tarball.List(t.Context(), packed, tarball.DefaultLimits())),
	}
	s.sources.Keys = gate.Read(client.Keys(t.Context()))
}

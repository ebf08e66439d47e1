package stacks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

// The installer reads its requests with the same types; what it is asked is what
// configuration says.
func TestRequestsAreWhatConfigurationSays(t *testing.T) {
	c := withPlugins(plugins.Sidecar, plugins.Dynamic)
	c.Portal.Plugins.Packages[0].Accept = []config.Exception{{Step: config.GateStep(gate.Names()[0]), ID: "x", Reason: "because", Expires: "2027-01-01"}}
	seen := runPortal(t, c)
	stage, err := install.ParseStage(environmentOf(t, seen.Named(t, jobType, "gatehouse-test-plugins-stage-@shop/sidecar"), inJob)["PLUGIN_REQUEST"].(string))
	require.NoError(t, err)
	require.Equal(t, "@shop/sidecar@1.0.0", stage.Plugin.String())
	require.Equal(t, plugins.Sidecar, stage.Plugin.Strategy)
	require.Equal(t, "shop:\n    open: true\n", stage.Plugin.AppConfig)
	require.Equal(t, "1.42.0", stage.Host.Backstage)
	require.Contains(t, stage.Policy, "because")
	_, err = gate.ParsePolicy(strings.NewReader(stage.Policy))
	require.NoError(t, err)

	other, err := install.ParseStage(environmentOf(t, seen.Named(t, jobType, "gatehouse-test-plugins-stage-@shop/dynamic"), inJob)["PLUGIN_REQUEST"].(string))
	require.NoError(t, err)
	require.NotContains(t, other.Policy, "because", "another's exceptions are another's")

	for _, job := range []string{"assemble", "activate"} {
		variables := environmentOf(t, seen.Named(t, jobType, "gatehouse-test-plugins-"+job), inJob)
		set, err := install.ParseSet(variables["PLUGIN_REQUEST"].(string))
		require.NoError(t, err)
		require.Equal(t, []string{"@shop/dynamic", "@shop/sidecar"}, []string{set.Plugins[0].Name, set.Plugins[1].Name}, "by name")
		require.Equal(t, c.Portal.Plugins.Keep, set.Keep)
		require.Equal(t, job == "activate", set.Workload != "", "what the portal runs matters to the proof alone")
	}
	for name, want := range map[string]any{
		"AWS_REGION": "us-west-2", "PLUGIN_VOLUME": "/plugins", "PLUGIN_REGISTRY": "https://registry.npmjs.org",
		"PLUGIN_CACHE": "s3://plugins-bucket/npm", "PLUGIN_TRAIL": "s3://audit-bucket/plugin-trail",
		"PLUGIN_ADVISORIES": string(c.Portal.Plugins.Advisories), "PLUGIN_DEPLOYMENTS": "backstage-backend",
		"PLUGIN_IMAGE_REPOSITORY": "registry/backstage-backend",
		"POD_NAMESPACE":           "metadata.namespace", "POD_NAME": "metadata.name",
	} {
		require.Equal(t, want, environmentOf(t, seen.Named(t, jobType, "gatehouse-test-plugins-activate"), inJob)[name], name)
	}
}

// A Job's name says all that it does: what is the same has run already, and a
// change of one plugin judges no other again.
func TestJobsAreNamedByWhatMatters(t *testing.T) {
	same := func() config.Config { return withPlugins(plugins.Dynamic, plugins.Sidecar) }
	before := jobs(runPortal(t, same()))
	require.Len(t, before, 4)
	reordered := same()
	slices.Reverse(reordered.Portal.Plugins.Packages)
	require.Equal(t, before, jobs(runPortal(t, reordered)))
	all := []string{"activate", "assemble", "stage-@shop/dynamic", "stage-@shop/sidecar"}
	for name, each := range map[string]struct {
		change  func(*config.Config)
		renamed []string
	}{
		"version":      {func(c *config.Config) { c.Portal.Plugins.Packages[0].Version = "1.0.1" }, []string{"activate", "assemble", "stage-@shop/dynamic"}},
		"fragment":     {func(c *config.Config) { c.Portal.Plugins.Packages[1].AppConfig = nil }, []string{"activate", "assemble", "stage-@shop/sidecar"}},
		"provenance":   {func(c *config.Config) { c.Portal.Plugins.Packages[0].RequireProvenance = true }, []string{"stage-@shop/dynamic"}},
		"portal image": {func(c *config.Config) { c.Portal.Images.Backstage = "2.0.0" }, []string{"activate"}},
		"loader image": {func(c *config.Config) { c.Portal.Images.PluginLoader = "2.0.0" }, []string{"activate"}},
		"arguments":    {func(c *config.Config) { c.Portal.Plugins.AppConfig = nil }, []string{"activate"}},
		"installer":    {func(c *config.Config) { c.Portal.Images.PluginInstaller = "2.0.0" }, all},
		"registry":     {func(c *config.Config) { c.Portal.Plugins.Registry = "https://npm.example.com" }, all},
		"replicas":     {func(c *config.Config) { c.Portal.Backstage.MaxReplicas++ }, nil},
	} {
		c := same()
		each.change(&c)
		var renamed []string
		for job, named := range jobs(runPortal(t, c)) {
			if before[job] != named {
				renamed = append(renamed, job)
			}
		}
		slices.Sort(renamed)
		require.Equal(t, each.renamed, renamed, name)
	}
}

func TestHostsThatCannotBeRead(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "broken.json"), []byte(`{"backstage": 1`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(root), "outside.json"), []byte(hostManifest), 0o600))
	large, err := json.Marshal(gate.Host{Packages: map[string]string{strings.Repeat("x", maxRequest): "1.0.0"}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(root, "large.json"), large, 0o600))
	for path, want := range map[string]string{
		"absent.json":     "name a file below " + root,
		"../outside.json": "open portal.plugins.host",
		"broken.json":     "broken.json: read the host's manifest",
		"large.json":      "@shop/dynamic: the request has",
	} {
		c := withPlugins(plugins.Dynamic)
		c.Portal.Plugins.Host = &path
		_, err := newRequests(c, "staging", root)
		require.ErrorContains(t, err, want, path)
	}
}

package stacks

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate/attestation"
	"gatehouse/plugins/install"
)

// The keys that the project names reach the Jobs that judge, and others have them
// judge anew.
func TestTheTrustedRootOfTheProject(t *testing.T) {
	c := withPlugins(plugins.Dynamic)
	before := jobs(runPortal(t, c))
	named := "plugins/trusted_root.json"
	c.Portal.Plugins.TrustedRoot = &named
	seen := runPortal(t, c)
	root := seen.Named(t, "kubernetes:core/v1:ConfigMap", "gatehouse-test-plugins-trusted-root")
	require.Equal(t, string(attestation.DefaultRoot()), root.Input("data").(map[string]any)["trusted_root.json"])
	const file = "/etc/plugin-trust/trusted_root.json"
	stage := environmentOf(t, seen.Named(t, jobType, "gatehouse-test-plugins-stage-@shop/dynamic"), inJob)
	require.Equal(t, file, stage[install.VariableTrustedRoot])
	cron := environmentOf(t, seen.Named(t, cronJobType, "gatehouse-test-plugins-maintain"), "spec.jobTemplate."+inJob)
	require.Equal(t, file, cron[install.VariableTrustedRoot])
	require.NotContains(t, environmentOf(t, seen.Named(t, jobType, "gatehouse-test-plugins-activate"), inJob), install.VariableTrustedRoot)

	var renamed []string
	for job, name := range jobs(seen) {
		if before[job] != name {
			renamed = append(renamed, job)
		}
	}
	slices.Sort(renamed)
	require.Equal(t, []string{"stage-@shop/dynamic"}, renamed)
}

func TestTrustedRootsThatAreNone(t *testing.T) {
	root := t.TempDir()
	write := func(name string, content []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), content, 0o600))
	}
	write("host.json", []byte(hostManifest))
	write("empty.json", nil)
	write("large.json", make([]byte, maxFile+1))
	for path, want := range map[string]string{
		"absent.json":     "open portal.plugins.trustedRoot: openat absent.json",
		"../outside.json": "open portal.plugins.trustedRoot",
		"empty.json":      "portal.plugins.trustedRoot: empty.json: ",
		"host.json":       "take sigstore's trusted_root.json, or leave the key out",
		"large.json":      "large.json has more than 1044480 bytes",
	} {
		host := "host.json"
		c := withPlugins(plugins.Dynamic)
		c.Portal.Plugins.Host, c.Portal.Plugins.TrustedRoot = &host, &path
		_, err := newRequests(c, "staging", root)
		require.ErrorContains(t, err, want, path)
	}
}

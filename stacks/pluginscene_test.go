package stacks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/plugins"
	"gatehouse/plugins/gate/attestation"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const (
	jobType      = "kubernetes:batch/v1:Job"
	hostManifest = `{"backstage": "1.42.0", "node": "22.3.0", "packages": {"@backstage/backend-plugin-api": "1.10.1"}}`
)

// inProject runs a program in a project's folder that has the manifest of a
// Backstage and sigstore's keys.
func inProject(t testing.TB) pulumi.RunOption {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "plugins"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(root, "plugins", "host.json"), []byte(hostManifest), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "plugins", "trusted_root.json"), attestation.DefaultRoot(), 0o600))
	return func(info *pulumi.RunInfo) { info.RootDirectory = root }
}

// withPlugins is production with one plugin of each of these strategies.
func withPlugins(strategies ...plugins.Strategy) config.Config {
	c, host := configtest.Production(), "plugins/host.json"
	c.Portal.Plugins.Packages, c.Portal.Plugins.Host = []config.Package{}, &host
	for _, strategy := range strategies {
		own := config.PluginStrategy(strategy)
		c.Portal.Plugins.Packages = append(c.Portal.Plugins.Packages, config.Package{
			Name: config.PackageName("@shop/" + string(strategy)), Version: "1.0.0", Strategy: &own,
			Integrity: config.Integrity("sha512-" + strings.Repeat("A", 86) + "=="),
			AppConfig: map[string]any{"shop": map[string]any{"open": true}},
		})
		if strategy == plugins.Rebuild {
			c.Portal.Plugins.Rebuild = &config.Rebuild{CodeBuild: &config.CodeBuild{Project: "portal"}}
		}
	}
	return c
}

// environmentOf are the variables of a container, those of fields by their path.
func environmentOf(t testing.TB, r componenttest.Registration, container string) map[string]any {
	t.Helper()
	found := map[string]any{}
	for _, item := range r.Input(container + ".env").([]any) {
		variable := item.(map[string]any)
		name := variable["name"].(string)
		require.NotContains(t, found, name, "said once")
		found[name] = variable["value"]
		if from, ok := variable["valueFrom"].(map[string]any); ok {
			if field, is := from["fieldRef"].(map[string]any); is {
				found[name] = field["fieldPath"]
			}
		}
	}
	return found
}

const (
	inDeployment = "spec.template.spec.containers"
	inJob        = "spec.template.spec.containers[0]"
)

func backstageOf(t testing.TB, seen componenttest.Registrations) componenttest.Registration {
	t.Helper()
	return seen.Named(t, deploymentType, "gatehouse-test-backstage-backend")
}

// jobs are the names of Jobs by what they are registered as.
func jobs(seen componenttest.Registrations) map[string]string {
	found := map[string]string{}
	for _, job := range seen.OfType(jobType) {
		if name := strings.TrimPrefix(job.Name, "gatehouse-test-plugins-"); name != job.Name {
			found[name] = job.Input("metadata.name").(string)
		}
	}
	return found
}

func withoutHost(c config.Config) config.Config {
	c.Portal.Plugins.Host = nil
	return c
}

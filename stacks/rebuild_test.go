package stacks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const buildJob = "gatehouse-test-plugins-build"

// secretsOf are the variables of a Job's container that come from Secrets: SECRET/KEY
// by the variable's name.
func secretsOf(t testing.TB, job componenttest.Registration, container string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, item := range job.Input(container + ".env").([]any) {
		from, _ := item.(map[string]any)["valueFrom"].(map[string]any)
		if key, is := from["secretKeyRef"].(map[string]any); is {
			found[item.(map[string]any)["name"].(string)] = key["name"].(string) + "/" + key["key"].(string)
		}
	}
	return found
}

// waitsFor tells whether a resource waits for another by name.
func waitsFor(r componenttest.Registration, name string) bool {
	for _, urn := range r.Dependencies {
		if strings.HasSuffix(urn, "::"+name) {
			return true
		}
	}
	return false
}

// The image is known before it is built: its tag is what is in it. The pods wait until
// it is there, and the proof waits for the pods.
func TestARebuiltImageIsNamedBeforeItIsBuilt(t *testing.T) {
	c := withPlugins(plugins.Dynamic, plugins.Rebuild)
	seen := runPortal(t, c)
	build := environmentOf(t, seen.Named(t, jobType, buildJob), inJob)
	require.JSONEq(t, `{"codeBuild": {"project": "portal"}}`, build["PLUGIN_PIPELINE"].(string))
	require.Equal(t, "metadata.labels['batch.kubernetes.io/controller-uid']", build["PLUGIN_ATTEMPT"])
	request, err := install.ParseBuild(build["PLUGIN_REQUEST"].(string))
	require.NoError(t, err)
	require.Len(t, request.Plugins, 1, "those of the pipeline alone")
	require.Equal(t, "@shop/rebuild", request.Plugins[0].Name)

	backstage := backstageOf(t, seen)
	require.Empty(t, backstage.IgnoreChanges)
	require.Equal(t, "registry/backstage-backend:"+request.Tag(), backstage.Input(inDeployment+"[0].image"))
	require.Equal(t, request.Container, backstage.Input(inDeployment+"[0].name"))
	require.True(t, waitsFor(backstage, buildJob))
	activate := seen.Named(t, jobType, "gatehouse-test-plugins-activate")
	require.True(t, waitsFor(activate, "gatehouse-test-backstage-backend"))
	set, err := install.ParseSet(environmentOf(t, activate, inJob)["PLUGIN_REQUEST"].(string))
	require.NoError(t, err)
	require.Equal(t, request, *set.Build)

	fragment := withPlugins(plugins.Dynamic, plugins.Rebuild)
	fragment.Portal.Plugins.Packages[1].AppConfig = nil
	require.Equal(t, jobs(seen)["build"], jobs(runPortal(t, fragment))["build"], "its app-config comes with the generation")
	base := withPlugins(plugins.Dynamic, plugins.Rebuild)
	base.Portal.Images.Backstage = "2.0.0"
	require.NotEqual(t, request.Tag(), rebuild(base, "test").Tag())
}

func TestBothSlotsGetTheRebuiltImage(t *testing.T) {
	c, active := withPlugins(plugins.Rebuild), config.Blue
	c.Portal.Strategy, c.Portal.Active = config.BlueGreen, &active
	seen := runPortal(t, c)
	want := rebuild(c, "test")
	for _, slot := range []string{"blue", "green"} {
		deployment := seen.Named(t, deploymentType, "gatehouse-test-backstage-backend-"+slot)
		require.Equal(t, "registry/backstage-backend:"+want.Tag(), deployment.Input(inDeployment+"[0].image"), slot)
		require.Equal(t, want.Container, deployment.Input(inDeployment+"[0].name"), slot)
		require.True(t, waitsFor(deployment, buildJob), slot)
	}
}

// Managed pods are waited for by the Job that proves them: so it has to run whenever
// they may have changed.
func TestTheProofWaitsForThePods(t *testing.T) {
	const skip = `metadata.annotations["pulumi.com/skipAwait"]`
	fingerprint := func(c config.Config) (any, any) {
		seen := runPortal(t, c)
		require.Equal(t, "true", backstageOf(t, seen).Input(skip))
		activate := seen.Named(t, jobType, "gatehouse-test-plugins-activate")
		return activate.Input("metadata.name"), environmentOf(t, activate, inJob)["PLUGIN_WORKLOAD"]
	}
	c := withPlugins(plugins.Dynamic)
	name, was := fingerprint(c)
	require.NotEmpty(t, was)
	c.Portal.Backstage.MemoryLimit = "7Gi"
	same, is := fingerprint(c)
	require.Equal(t, name, same)
	require.NotEqual(t, was, is)

	unmanaged := configtest.Production()
	unmanaged.Portal.Plugins.Packages = nil
	require.Nil(t, backstageOf(t, runPortal(t, unmanaged)).Input(skip), "nobody else would wait")
	require.Nil(t, runPortal(t, withPlugins(plugins.Dynamic)).Named(t, deploymentType, "gatehouse-test-portal-frontend").Input(skip))
}

// Each pipeline has the tokens that it needs, in the one Job that starts it; where they
// are is in no request.
func TestTokensOfPipelines(t *testing.T) {
	url := config.URL("https://ci.example.com/run")
	workflow := "plugins.yaml"
	for name, each := range map[string]struct {
		rebuild  *config.Rebuild
		pipeline string
		// entries of the Secret, by variable.
		entries map[string]string
	}{
		"codeBuild": {&config.Rebuild{CodeBuild: &config.CodeBuild{Project: "portal"}}, `{"codeBuild": {"project": "portal"}}`, nil},
		"github": {
			&config.Rebuild{GitHub: &config.GitHub{Repository: "example/portal", Workflow: &workflow, Ref: "main", TokenSecret: "github-token"}},
			`{"github": {"repository": "example/portal", "workflow": "plugins.yaml", "event": null, "ref": "main"}}`,
			map[string]string{"PLUGIN_PIPELINE_TOKEN": "github-token"},
		},
		"gitlab": {
			&config.Rebuild{GitLab: &config.GitLab{URL: "https://gitlab.com", Project: "a/b", Ref: "main", TokenSecret: "reads", TriggerTokenSecret: "starts"}},
			`{"gitlab": {"url": "https://gitlab.com", "project": "a/b", "ref": "main"}}`,
			map[string]string{"PLUGIN_PIPELINE_TOKEN": "reads", "PLUGIN_PIPELINE_TRIGGER_TOKEN": "starts"},
		},
		"jenkins": {
			&config.Rebuild{Jenkins: &config.Jenkins{URL: "https://ci.example.com", Job: "a/b", UserSecret: "who", TokenSecret: "opens"}},
			`{"jenkins": {"url": "https://ci.example.com", "job": "a/b"}}`,
			map[string]string{"PLUGIN_PIPELINE_TOKEN": "opens", "PLUGIN_PIPELINE_USER": "who"},
		},
		"a URL": {nil, `{"webhook": {"url": "https://ci.example.com/run"}}`, map[string]string{"PLUGIN_PIPELINE_TOKEN": "github-token"}},
	} {
		c := withPlugins(plugins.Dynamic, plugins.Rebuild)
		if c.Portal.Plugins.Rebuild = each.rebuild; each.rebuild == nil {
			c.Portal.Plugins.CITriggerURL = &url
		}
		seen := runPortal(t, c)
		build := seen.Named(t, jobType, buildJob)
		require.JSONEq(t, each.pipeline, environmentOf(t, build, inJob)["PLUGIN_PIPELINE"].(string), name)
		given := map[string]string{}
		for variable := range each.entries {
			given[variable] = "plugin-pipeline/" + variable
		}
		require.Equal(t, given, secretsOf(t, build, inJob), name)
		for _, job := range seen.OfType(jobType) {
			if job.Name != build.Name {
				require.Empty(t, secretsOf(t, job, inJob), "%s: %s", name, job.Name)
			}
		}
		require.Equal(t, each.entries, entriesOf(t, c, "plugin-pipeline"), name)
	}
	none := withPlugins(plugins.Dynamic)
	none.Portal.Plugins.Rebuild = &config.Rebuild{GitHub: &config.GitHub{TokenSecret: "github-token"}}
	require.Empty(t, entriesOf(t, none, "plugin-pipeline"), "nothing is built")
	c := withPlugins(plugins.Rebuild)
	c.Portal.Plugins.Rebuild = nil
	_, err := newRequests(withoutHost(c), "staging", "")
	require.ErrorContains(t, err, "set portal.plugins.rebuild")
}

// entriesOf are the entries that a Secret is made of, by its keys.
func entriesOf(t *testing.T, c config.Config, secret string) map[string]string {
	t.Helper()
	var found map[string]string
	for _, each := range runExternalSecrets(t, c).OfType(externalSecretType) {
		if each.Input("metadata.name") != secret {
			continue
		}
		require.Equal(t, "backstage", each.Input("metadata.namespace"))
		found = map[string]string{}
		for _, item := range each.Input("spec.data").([]any) {
			entry := item.(map[string]any)
			key := entry["remoteRef"].(map[string]any)["key"].(string)
			found[entry["secretKey"].(string)] = strings.TrimPrefix(key, "gatehouse-test/")
		}
	}
	return found
}

func TestTheRegistrysToken(t *testing.T) {
	c, entry := withPlugins(plugins.Dynamic, plugins.Rebuild), "npm-token"
	c.Portal.Plugins.RegistryTokenSecret = &entry
	require.Equal(t, map[string]string{"PLUGIN_REGISTRY_TOKEN": "npm-token"}, entriesOf(t, c, "plugin-registry"))
	seen := runPortal(t, c)
	want := map[string]string{"PLUGIN_REGISTRY_TOKEN": "plugin-registry/PLUGIN_REGISTRY_TOKEN"}
	for name := range jobs(seen) {
		got := secretsOf(t, seen.Named(t, jobType, "gatehouse-test-plugins-"+name), inJob)
		if strings.HasPrefix(name, "stage-") {
			require.Equal(t, want, got, name)
		} else {
			require.Empty(t, got, name)
		}
	}
	require.Equal(t, want, secretsOf(t, seen.Named(t, cronJobType, "gatehouse-test-plugins-maintain"), "spec.jobTemplate."+inJob))
	c.Portal.Plugins.RegistryTokenSecret = nil
	require.Empty(t, entriesOf(t, c, "plugin-registry"))
}

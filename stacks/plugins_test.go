package stacks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"gatehouse/components/componenttest"
	"gatehouse/components/flows"
	"gatehouse/components/release/releasetest"
	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/install"
	"gatehouse/plugins/rollout"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const (
	jobType      = "kubernetes:batch/v1:Job"
	hostManifest = `{"backstage": "1.42.0", "node": "22.3.0", "packages": {"@backstage/backend-plugin-api": "1.10.1"}}`
)

// inProject runs a program in a project's folder that has the manifest of a
// Backstage.
func inProject(t testing.TB) pulumi.RunOption {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "plugins"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(root, "plugins", "host.json"), []byte(hostManifest), 0o600))
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

// Where plugins are not managed, all is as if nothing of this were there.
func TestUnmanagedPluginsAreLeftAlone(t *testing.T) {
	c := configtest.Production()
	c.Portal.Plugins.Packages = nil
	seen := runPortal(t, c)
	require.Empty(t, jobs(seen))
	require.Empty(t, seen.OfType(cronJobType))
	backstage := backstageOf(t, seen)
	require.Nil(t, backstage.Input(inDeployment+"[0].command"))
	require.Nil(t, backstage.Input(inDeployment+"[0].args"))
	require.Len(t, backstage.Input(inDeployment), 1)
	require.Contains(t, backstage.Input(inDeployment+"[0].volumeMounts"),
		map[string]any{"name": "claim-backstage-plugins", "mountPath": "/opt/backstage/dynamic-plugins", "readOnly": true})
	variables := environmentOf(t, backstage, inDeployment+"[0]")
	require.Equal(t, "/opt/backstage/dynamic-plugins", variables["APP_CONFIG_dynamicPlugins_rootDirectory"])
	require.NotContains(t, variables, install.GenerationVariable)
	require.Len(t, seen.One(t, roleType).Input("rules"), 2)
	require.Empty(t, managedPorts(c))
}

// A pod has the generation that its own template names, and Pulumi names none: who
// named one would take it back from the installer with every up.
func TestBackstageLoadsTheGenerationOfItsTemplate(t *testing.T) {
	seen := runPortal(t, withPlugins(plugins.Dynamic))
	backstage := backstageOf(t, seen)
	require.NotContains(t, backstage.Input("spec.template.metadata"), "annotations")
	require.Empty(t, backstage.IgnoreChanges)
	require.Len(t, backstage.Input(inDeployment), 1, "no container beside it without a plugin for it")
	for path, want := range map[string]any{
		"command": []any{"node", "packages/backend"},
		"args": []any{
			"--config", "app-config.yaml", "--config", "app-config.production.yaml",
			"--config", "/opt/backstage/dynamic-plugins/app-config.yaml",
		},
	} {
		require.Equal(t, want, backstage.Input(inDeployment+"[0]."+path), path)
	}
	require.Contains(t, backstage.Input(inDeployment+"[0].volumeMounts"), map[string]any{
		"name": "claim-backstage-plugins", "mountPath": "/opt/backstage/dynamic-plugins", "readOnly": true,
		"subPathExpr": "generations/$(PLUGIN_GENERATION)",
	})
	require.Contains(t, backstage.Input(inDeployment+"[0].ports"), map[string]any{"name": "plugins", "containerPort": 7010.0, "protocol": "TCP"})
	variables := environmentOf(t, backstage, inDeployment+"[0]")
	require.Equal(t, "metadata.annotations['gatehouse/plugin-generation']", variables["PLUGIN_GENERATION"])
	require.Equal(t, "/opt/backstage/dynamic-plugins/plugins", variables["APP_CONFIG_dynamicPlugins_rootDirectory"])
	require.Equal(t, "/opt/backstage/dynamic-plugins", variables["DYNAMIC_PLUGINS_PATH"])
	for _, port := range seen.Named(t, "kubernetes:core/v1:Service", "gatehouse-test-backstage-backend").Input("spec.ports").([]any) {
		require.NotEqual(t, "plugins", port.(map[string]any)["name"], "a Service would ask any pod")
	}
}

func TestTheContainerBesideBackstage(t *testing.T) {
	c := withPlugins(plugins.Dynamic, plugins.Sidecar)
	c.Portal.Plugins.Sidecar = config.Sidecar{CPU: "100m", CPULimit: "500m", Memory: "128Mi", MemoryLimit: "700Mi"}
	seen := runPortal(t, c)
	backstage := backstageOf(t, seen)
	requireWhole(t, backstage)
	const loader = inDeployment + "[1]"
	for path, want := range map[string]any{
		"name": "plugin-loader", "image": "registry/plugin-loader:" + string(c.Portal.Images.PluginLoader),
		"resources.limits": map[string]any{"cpu": "500m", "memory": "700Mi"},
		"command":          []any{"node", "packages/backend"},
		"args[5]":          "/opt/backstage/dynamic-plugins/app-config.sidecar.yaml",
		"ports": []any{
			map[string]any{"name": "loader", "containerPort": 7008.0, "protocol": "TCP"},
			map[string]any{"name": "sidecar", "containerPort": 7011.0, "protocol": "TCP"},
		},
		"volumeMounts[1].subPathExpr": "generations/$(PLUGIN_GENERATION)",
		"volumeMounts[1].readOnly":    true,
	} {
		require.Equal(t, want, backstage.Input(loader+"."+path), path)
	}
	variables := environmentOf(t, backstage, loader)
	for name, want := range map[string]any{
		"APP_CONFIG_dynamicPlugins_rootDirectory": "/opt/backstage/dynamic-plugins/sidecar",
		"APP_CONFIG_backend_listen":               `":7008"`, "PLUGIN_PROBE_LISTEN": ":7011",
		"PLUGIN_GENERATION": "metadata.annotations['gatehouse/plugin-generation']",
	} {
		require.Equal(t, want, variables[name], name)
	}
	require.Equal(t, "/opt/backstage/dynamic-plugins/plugins",
		environmentOf(t, backstage, inDeployment+"[0]")["APP_CONFIG_dynamicPlugins_rootDirectory"], "each its own room")
	require.Len(t, seen.Named(t, "kubernetes:core/v1:Service", "gatehouse-test-plugins-reports").Input("spec.ports"), 3)
	require.Equal(t, []int{7010, 7011}, managedPorts(c))
}

func withoutHost(c config.Config) config.Config {
	c.Portal.Plugins.Host = nil
	return c
}

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

func TestTheInstallerMayDoWhatItDoesAndNoMore(t *testing.T) {
	c := withPlugins(plugins.Dynamic)
	rules := runPortal(t, c).One(t, roleType).Input("rules").([]any)
	allows := func(group, resource, name, verb string) bool {
		return slices.ContainsFunc(rules, func(item any) bool {
			rule := item.(map[string]any)
			names, named := rule["resourceNames"].([]any)
			return slices.Contains(rule["apiGroups"].([]any), any(group)) && slices.Contains(rule["resources"].([]any), any(resource)) &&
				slices.Contains(rule["verbs"].([]any), any(verb)) && (!named || slices.Contains(names, any(name)))
		})
	}
	for _, rule := range rollout.Rules("backstage-backend") {
		for _, resource := range rule.Resources {
			for _, verb := range rule.Verbs {
				require.True(t, allows(rule.APIGroups[0], resource, "backstage-backend", verb), "%s %s", verb, resource)
			}
		}
	}
	for _, verb := range []string{"get", "create", "update"} {
		require.True(t, allows("coordination.k8s.io", "leases", "backstage-plugins", verb), verb)
	}
	for _, verb := range []string{"get", "update", "patch"} {
		require.True(t, allows("", "configmaps", "backstage-plugins", verb), verb)
	}
	for _, none := range [][4]string{
		{"", "pods", "any", "delete"},
		{"", "pods", "any", "create"},
		{"", "pods/exec", "any", "create"},
		{"batch", "jobs", "any", "create"},
		{"", "secrets", "backstage", "get"},
		{"", "configmaps", "other", "get"},
		{"apps", "deployments", "pgbouncer", "get"},
		{"coordination.k8s.io", "leases", "other", "update"},
	} {
		require.False(t, allows(none[0], none[1], none[2], none[3]), none)
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

// A real API server takes every object of every strategy, and warns of none.
func TestTheServerTakesThePlugins(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs a Kubernetes API server; run make test")
	}
	blueGreen, active := withPlugins(plugins.Dynamic, plugins.Rebuild, plugins.Sidecar), config.Blue
	blueGreen.Portal.Strategy, blueGreen.Portal.Active = config.BlueGreen, &active
	for _, c := range []config.Config{withPlugins(), blueGreen} {
		objects := releasetest.Objects(t, runPortal(t, c))
		taken := slices.DeleteFunc(slices.Clone(objects), func(o *unstructured.Unstructured) bool {
			address, _, err := unstructured.NestedString(o.Object, "spec", "clusterIP")
			require.NoError(t, err)
			// v1.34.1 warns of each for nothing (kubernetes/kubernetes#134040).
			return address == "None"
		})
		require.Len(t, taken, len(objects)-1)
		releasetest.DryRun(t, taken)
	}
}

// Each pod is asked by the installer and by Prometheus, and on no more ports than
// there are.
func TestWhoAsksForPlugins(t *testing.T) {
	ports := func(c config.Config, name string) []flows.Port {
		for _, f := range environmentFlows(Environment{Config: c}) {
			if f.Name() == name {
				return f.Ports
			}
		}
		return nil
	}
	for title, each := range map[string]struct {
		c    config.Config
		want []int
	}{
		"unmanaged": {configtest.Production(), nil},
		"managed":   {withPlugins(plugins.Dynamic), []int{7010}},
		"beside":    {withPlugins(plugins.Sidecar), []int{7010, 7011}},
	} {
		require.Equal(t, flows.TCP(append([]int{7007}, each.want...)...), ports(each.c, "plugin-installer-to-backstage"), title)
		require.Equal(t, flows.TCP(append([]int{9090}, each.want...)...), ports(each.c, "prometheus-to-backstage"), title)
		require.Equal(t, flows.TCP(7007), ports(each.c, "ingress-nginx-to-backstage"), title)
	}
}

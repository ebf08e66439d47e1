package stacks

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"gatehouse/components/flows"
	"gatehouse/components/release/releasetest"
	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/plugins/rollout"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

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

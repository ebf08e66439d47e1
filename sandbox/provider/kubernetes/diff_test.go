package kubernetes

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"
)

// TestReplacement walks the table of immutable parts: what changes, and which
// property that replaces the object for (none: it changes in place).
func TestReplacement(t *testing.T) {
	unknown := resource.Computed{Element: resource.NewProperty("")}
	object := func(more map[string]any) resource.PropertyMap {
		out := map[string]any{"metadata": map[string]any{"name": "x", "namespace": "here"}}
		for key, value := range more {
			out[key] = value
		}
		return props(out)
	}
	spec := func(s map[string]any) resource.PropertyMap { return object(map[string]any{"spec": s}) }
	selector := map[string]any{"matchLabels": map[string]any{"app": "a"}}
	for name, c := range map[string]struct {
		kind    string
		program resource.PropertyMap
		path    string
		value   any
		says    string // the path that replaces; empty: in place
		inputs  map[string]any
	}{
		"name":                     {"core/v1:ConfigMap", object(nil), "metadata.name", "y", "metadata.name", nil},
		"name not known":           {"core/v1:ConfigMap", object(nil), "metadata.name", unknown, "metadata.name", nil},
		"namespace":                {"core/v1:ConfigMap", object(nil), "metadata.namespace", "there", "metadata.namespace", nil},
		"label":                    {"core/v1:ConfigMap", object(nil), "metadata.labels.a", "b", "", nil},
		"deployment selector":      {"apps/v1:Deployment", spec(map[string]any{"selector": selector}), "spec.selector.matchLabels.app", "b", "spec.selector.matchLabels.app", nil},
		"deployment replicas":      {"apps/v1:Deployment", spec(map[string]any{"selector": selector, "replicas": 1}), "spec.replicas", 2, "", nil},
		"statefulset replicas":     {"apps/v1:StatefulSet", spec(map[string]any{"serviceName": "s", "replicas": 1}), "spec.replicas", 2, "", nil},
		"statefulset service":      {"apps/v1:StatefulSet", spec(map[string]any{"serviceName": "s"}), "spec.serviceName", "t", "spec.serviceName", nil},
		"job template":             {"batch/v1:Job", spec(map[string]any{"template": map[string]any{"a": "1"}}), "spec.template.a", "2", "spec.template.a", nil},
		"job ttl":                  {"batch/v1:Job", spec(map[string]any{"ttlSecondsAfterFinished": 1}), "spec.ttlSecondsAfterFinished", 2, "", nil},
		"claim grows":              {"core/v1:PersistentVolumeClaim", spec(map[string]any{"resources": map[string]any{"requests": map[string]any{"storage": "1Gi"}}}), "spec.resources.requests.storage", "2Gi", "", nil},
		"claim class":              {"core/v1:PersistentVolumeClaim", spec(map[string]any{"storageClassName": "gp3"}), "spec.storageClassName", "efs", "spec.storageClassName", nil},
		"storage class":            {"storage.k8s.io/v1:StorageClass", object(map[string]any{"parameters": map[string]any{"type": "gp2"}}), "parameters.type", "gp3", "parameters.type", nil},
		"service type":             {"core/v1:Service", spec(map[string]any{"type": "ClusterIP"}), "spec.type", "LoadBalancer", "", nil},
		"service external":         {"core/v1:Service", spec(map[string]any{"type": "ClusterIP"}), "spec.type", "ExternalName", "spec.type", nil},
		"service headless":         {"core/v1:Service", spec(map[string]any{"clusterIP": "10.96.0.9"}), "spec.clusterIP", "None", "spec.clusterIP", nil},
		"role":                     {"rbac.authorization.k8s.io/v1:RoleBinding", object(map[string]any{"roleRef": map[string]any{"name": "a"}}), "roleRef.name", "b", "roleRef.name", nil},
		"secret data":              {"core/v1:Secret", object(map[string]any{"data": map[string]any{"a": "MQ=="}}), "data.a", "Mg==", "data.a", nil},
		"secret data, mutable":     {"core/v1:Secret", object(map[string]any{"data": map[string]any{"a": "MQ=="}}), "data.a", "Mg==", "", map[string]any{"enableSecretMutable": "true"}},
		"secret type":              {"core/v1:Secret", object(map[string]any{"type": "Opaque"}), "type", "kubernetes.io/tls", "type", map[string]any{"enableSecretMutable": "true"}},
		"config data":              {"core/v1:ConfigMap", object(map[string]any{"data": map[string]any{"a": "1"}}), "data.b", "2", "data.b", nil},
		"config data, mutable":     {"core/v1:ConfigMap", object(map[string]any{"data": map[string]any{"a": "1"}}), "data.b", "2", "", map[string]any{"enableConfigMapMutable": "true"}},
		"config immutable, though": {"core/v1:ConfigMap", object(map[string]any{"immutable": true, "data": map[string]any{"a": "1"}}), "data.a", "2", "data.a", map[string]any{"enableConfigMapMutable": "true"}},
		"crd scope":                {"apiextensions.k8s.io/v1:CustomResourceDefinition", spec(map[string]any{"scope": "Cluster"}), "spec.scope", "Namespaced", "spec.scope", nil},
		"release values":           {"helm.sh/v3:Release", props(map[string]any{"chart": "a", "name": "x", "values": map[string]any{"a": "1"}}), "values.a", "2", "", nil},
		"release name":             {"helm.sh/v3:Release", props(map[string]any{"chart": "a", "name": "x"}), "name", "y", "name", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := New("4.30.0")
			inputs := props(map[string]any{"kubeconfig": kubeconfigFor("https://127.0.0.1:1")})
			for key, value := range props(c.inputs) {
				inputs[key] = value
			}
			_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: inputs})
			require.NoError(t, err)
			thing := resourceOf(t, p, "kubernetes:"+c.kind, "thing")
			thing.id, thing.inputs = "here/x", thing.valid(c.program)
			require.Equal(t, plugin.DiffNone, thing.diff(c.program).Changes)

			diff := thing.diff(with(t, c.program, c.path, c.value))
			require.Equal(t, plugin.DiffSome, diff.Changes)
			require.Len(t, diff.DetailedDiff, 1)
			if c.says == "" {
				require.False(t, diff.Replace())
				return
			}
			require.True(t, diff.Replace())
			require.Contains(t, diff.DetailedDiff, c.says)
			renamed := c.path == "metadata.name" || c.path == "metadata.namespace" || c.path == "name"
			require.Equal(t, !renamed, diff.DeleteBeforeReplace, "a new object of the same name needs the old one gone")
		})
	}
}

func TestANamespaceLeftOutIsTheOneItIsIn(t *testing.T) {
	p := New("4.30.0")
	thing := resourceOf(t, p, "kubernetes:core/v1:ConfigMap", "thing")
	thing.id = "default/x"
	thing.inputs = thing.valid(props(map[string]any{"metadata": map[string]any{"name": "x"}}))
	require.False(t, thing.diff(props(map[string]any{"metadata": map[string]any{"name": "x", "namespace": "default"}})).Replace())
	require.True(t, thing.diff(props(map[string]any{"metadata": map[string]any{"name": "x", "namespace": "other"}})).Replace())
}

func TestReleaseIsSimulated(t *testing.T) {
	require.True(t, Simulated("kubernetes:helm.sh/v3:Release"))
	require.False(t, Simulated("kubernetes:core/v1:Namespace"))
	release := resourceOf(t, New("4.30.0"), "kubernetes:helm.sh/v3:Release", "mesh")
	program := props(map[string]any{"chart": "istiod", "version": "1.27.0", "namespace": "istio-system"})
	release.create(program)
	require.Regexp(t, `^istio-system/mesh-[0-9a-f]{8}$`, release.id)
	require.Equal(t, "deployed", release.state["status"].ObjectValue()["status"].StringValue())
	release.update(with(t, program, "values.replicas", 2))
	require.Equal(t, 2.0, release.state["status"].ObjectValue()["revision"].NumberValue())
	require.Equal(t, release.id, release.read().ID)
	release.delete()
}

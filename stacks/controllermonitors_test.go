package stacks

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"gatehouse/components/componenttest"
	"gatehouse/components/release/releasetest"
	"gatehouse/stacks/config/configtest"
)

// Of the charts that can be rendered, each monitor finds a Service with its
// port: a name that is wrong is silence, not an error.
func TestControllerMonitorsFindTheirServices(t *testing.T) {
	c := configtest.Production()
	ways, secrets := runIngress(t, c), runExternalSecrets(t, c)
	objects := map[string][]*unstructured.Unstructured{
		"cert-manager":     releasetest.Render(t, ways.Named(t, releaseType, "gatehouse-test-cert-manager")),
		"external-dns":     releasetest.Render(t, ways.Named(t, releaseType, "gatehouse-test-external-dns")),
		"external-secrets": releasetest.Render(t, secrets.Named(t, releaseType, "gatehouse-test-external-secrets")),
	}
	for _, m := range controllerMonitors() {
		if rendered, ok := objects[m.name]; ok {
			require.True(t, served(rendered, m), "%s: no Service with port %s and %v", m.name, m.port, m.labels)
		}
	}
	wrong := controllerMonitor{"external-dns", "ingress", map[string]string{"app.kubernetes.io/name": "external-dns"}, "metrics"}
	require.False(t, served(objects["external-dns"], wrong))
}

func served(objects []*unstructured.Unstructured, m controllerMonitor) bool {
	for _, object := range objects {
		if object.GetKind() != "Service" || object.GetNamespace() != m.namespace {
			continue
		}
		matches := true
		for name, value := range m.labels {
			matches = matches && object.GetLabels()[name] == value
		}
		ports, _, _ := unstructured.NestedSlice(object.Object, "spec", "ports")
		for _, port := range ports {
			if matches && port.(map[string]any)["name"] == m.port {
				return true
			}
		}
	}
	return false
}

func TestControllerMonitors(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, configtest.Staging())
		if err != nil {
			return err
		}
		return deployControllerMonitors(ctx, env, namespacesOf(), nil)
	})
	made := seen.Named(t, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor", "gatehouse-test-monitor-cluster-autoscaler")
	require.Equal(t, "kube-system", made.Input("metadata.namespace"))
	require.Equal(t, "http", made.Input("spec.endpoints[0].port"))
	require.Equal(t, "aws-cluster-autoscaler", made.Input(`spec.selector.matchLabels["app.kubernetes.io/name"]`))
}

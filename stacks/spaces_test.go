package stacks

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// TestEveryNamespaceIsClosedAndBounded holds for the namespaces that the
// configuration knows quotas of, and for no others.
func TestEveryNamespaceIsClosedAndBounded(t *testing.T) {
	seen := runFences(t, configtest.Production())
	var names []string
	for _, namespace := range seen.OfType("kubernetes:core/v1:Namespace") {
		names = append(names, namespace.Input("metadata.name").(string))
		require.Equal(t, "gatehouse", namespace.Input(`metadata.labels["app.kubernetes.io/part-of"]`))
	}
	require.ElementsMatch(t, config.Namespaces(), names)
	require.Len(t, seen.OfType("kubernetes:core/v1:ResourceQuota"), len(names))
	require.Len(t, seen.OfType("kubernetes:core/v1:LimitRange"), len(names))

	quota := seen.Named(t, "kubernetes:core/v1:ResourceQuota", "gatehouse-test-space-developer-portal-quota")
	require.Equal(t, "portal-production-quota", quota.Input("metadata.name"))
	require.Equal(t, map[string]any{
		"requests.cpu": "20", "requests.memory": "40Gi", "limits.cpu": "40", "limits.memory": "80Gi",
		"pods": "50", "persistentvolumeclaims": "10", "services.loadbalancers": "3",
	}, quota.Input("spec.hard"))
}

func TestQuotasFollowTheConfiguration(t *testing.T) {
	c := configtest.Staging()
	c.Platform.Quotas = map[string]config.Quota{"logging": {
		RequestsCPU: "1", RequestsMemory: "1Gi", LimitsCPU: "2", LimitsMemory: "2Gi", Pods: 7, PersistentVolumeClaims: 3, LoadBalancers: 1,
	}}
	quota := runFences(t, c).Named(t, "kubernetes:core/v1:ResourceQuota", "gatehouse-test-space-logging-quota")
	require.Equal(t, map[string]any{
		"requests.cpu": "1", "requests.memory": "1Gi", "limits.cpu": "2", "limits.memory": "2Gi",
		"pods": "7", "persistentvolumeclaims": "3", "services.loadbalancers": "1",
	}, quota.Input("spec.hard"))
}

func TestPrioritiesAreOwned(t *testing.T) {
	var ready []pulumi.Resource
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, configtest.Staging())
		if err != nil {
			return err
		}
		ready, err = deployScheduling(ctx, env)
		return err
	})
	classes := seen.OfType("kubernetes:scheduling.k8s.io/v1:PriorityClass")
	require.Len(t, ready, len(classes))
	for _, class := range classes {
		require.Equal(t, "gatehouse", class.Input(`metadata.labels["app.kubernetes.io/part-of"]`))
	}
}

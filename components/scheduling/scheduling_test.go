package scheduling_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/pod"
	"gatehouse/components/scheduling"
)

func TestClasses(t *testing.T) {
	var ready []pulumi.Resource
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		p, err := scheduling.New(ctx, "p", scheduling.Args{Labels: map[string]string{"gatehouse/owner": "platform"}})
		ready = p.Ready
		return err
	})
	classes := map[string]componenttest.Registration{}
	defaults := 0
	for _, class := range seen.OfType("kubernetes:scheduling.k8s.io/v1:PriorityClass") {
		classes[class.Input("metadata.name").(string)] = class
		require.Equal(t, "platform", class.Input(`metadata.labels["gatehouse/owner"]`))
		require.NotEmpty(t, class.Input("description"))
		// Kubernetes keeps values from a billion on to itself.
		require.Less(t, class.Input("value"), 1e9)
		if class.Input("globalDefault") == true {
			defaults++
		}
	}
	require.Len(t, classes, 3)
	require.Len(t, ready, 3)
	require.Equal(t, 1, defaults)
	require.Equal(t, true, classes[pod.Standard].Input("globalDefault"))
	require.Greater(t, classes[pod.Critical].Input("value"), classes[pod.Standard].Input("value"))
	require.Greater(t, classes[pod.Standard].Input("value"), classes[pod.Batch].Input("value"))
	require.Equal(t, "PreemptLowerPriority", classes[pod.Critical].Input("preemptionPolicy"))
	require.Equal(t, "Never", classes[pod.Batch].Input("preemptionPolicy"))
}

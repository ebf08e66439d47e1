package mesh_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"gatehouse/components/componenttest"
	"gatehouse/components/flows"
	"gatehouse/components/mesh"
	"gatehouse/components/release/releasetest"
	"gatehouse/components/scheduling"
	"gatehouse/components/space"
)

// TestTheAPIServerAcceptsAll: what closes a cluster and opens it again (spaces,
// flows, mesh, priorities) is accepted without a warning.
func TestTheAPIServerAcceptsAll(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	list := []flows.Flow{
		orders(),
		{From: flows.Namespaces{Title: "everything", Names: []string{"shop", "data"}}, To: plain, Ports: append(flows.TCP(53), flows.UDP(53)...), Why: "names"},
		{From: abroad, To: web, Ports: flows.TCP(443), Why: "viewers"},
		{From: web, To: abroad, Ports: flows.TCP(443), Why: "sign-in"},
	}
	labels := map[string]string{"gatehouse/owner": "platform"}
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		namespaces := map[string]pulumi.StringOutput{}
		for _, name := range []string{"mesh", "shop", "data"} {
			s, err := space.New(ctx, "space-"+name, space.Args{
				Namespace: name, Enforce: space.Restricted, Sidecars: name != "mesh", Labels: labels,
				Quota: space.Quota{RequestsCPU: "1", RequestsMemory: "1Gi", LimitsCPU: "2", LimitsMemory: "2Gi", Pods: 5},
				Containers: space.Containers{
					Request: space.Resources{CPU: "1m", Memory: "1Mi"},
					Limit:   space.Resources{CPU: "2m", Memory: "2Mi"},
					Max:     space.Resources{CPU: "1", Memory: "1Gi"},
				},
			})
			if err != nil {
				return err
			}
			namespaces[name] = s.Namespace
		}
		root := namespaces["mesh"]
		delete(namespaces, "mesh")
		if _, err := flows.New(ctx, "flows", flows.Args{Flows: list, Namespaces: namespaces, Labels: labels}); err != nil {
			return err
		}
		if _, err := scheduling.New(ctx, "priorities", scheduling.Args{Labels: labels}); err != nil {
			return err
		}
		_, err := mesh.New(ctx, "mesh", mesh.Args{
			Root: root, Sidecars: namespaces, Flows: list, Labels: labels,
			Exclusions: []mesh.Exclusion{{Workload: web, Ports: []int{443}, Why: "viewers"}},
		})
		return err
	})
	var namespaces, others []*unstructured.Unstructured
	kinds := map[string]bool{}
	for _, object := range releasetest.Objects(t, seen) {
		kinds[object.GetKind()] = true
		if object.GetKind() == "Namespace" {
			namespaces = append(namespaces, object)
		} else {
			others = append(others, object)
		}
	}
	require.Len(t, kinds, 8, "%v", kinds)
	// The second makes the namespaces that it needs.
	releasetest.DryRun(t, namespaces)
	releasetest.DryRun(t, others)
}

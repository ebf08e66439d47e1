package mesh

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/flows"
	"gatehouse/components/manifest"
)

// narrow has the sidecars of a namespace told only of the namespaces that its
// flows lead to, so that a change elsewhere is not sent to every pod. It fences
// nothing: NetworkPolicies do.
func narrow(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	for namespace, output := range args.Sidecars {
		_, err := manifest.New(ctx, name+"-scope-"+namespace, manifest.Args{
			APIVersion: "networking.istio.io/v1", Kind: "Sidecar", Name: defaultName, Namespace: output, Labels: args.Labels,
			Spec: sidecar{Egress: []listener{{Hosts: hosts(namespace, args.Flows)}}},
		}, opts...)
		if err != nil {
			return err
		}
	}
	return nil
}

// hosts are the services of the namespace itself, of the control plane, and of
// the namespaces that its flows lead to.
func hosts(namespace string, all []flows.Flow) []string {
	found := map[string]bool{"./*": true, RootNamespace + "/*": true}
	for _, f := range all {
		from, ok := f.From.(flows.Workload)
		to, inCluster := f.To.(flows.Workload)
		if ok && inCluster && from.Namespace == namespace && to.Namespace != namespace {
			found[to.Namespace+"/*"] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// The spec of a Sidecar of networking.istio.io/v1, as far as it is used.

type sidecar struct {
	Egress []listener `json:"egress"`
}

type listener struct {
	Hosts []string `json:"hosts"`
}

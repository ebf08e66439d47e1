// Package mesh makes the service mesh, Istio: its control plane, mutual TLS for
// every connection between pods with a sidecar, and by identity the same flows
// that NetworkPolicies open by address, with all else denied.
//
// Which flows there are, and which namespaces have sidecars, is decided
// elsewhere (flows, space).
package mesh

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/flows"
	"gatehouse/components/release"
)

// RootNamespace is the control plane's. What is said there holds for the whole
// mesh ("Global Mesh Options", rootNamespace).
const RootNamespace = "mesh"

// TrustDomain begins every identity of the mesh.
const TrustDomain = "cluster.local"

// Args configures the mesh.
type Args struct {
	// Root is the namespace [RootNamespace]; the control plane waits for it.
	Root pulumi.StringInput
	// Sidecars are the namespaces whose pods have sidecars, by name.
	Sidecars map[string]pulumi.StringOutput
	// Flows are those of the environment. Those into a workload of the mesh
	// become allow policies.
	Flows []flows.Flow
	// Exclusions are the ports that sidecars leave alone, and why.
	Exclusions []Exclusion
	// Proxy is what every sidecar asks for and may use at most. Quotas count
	// it for each pod of the mesh.
	Proxy release.Resources
	// PriorityClass is the control plane's: without it no pod of the mesh
	// starts.
	PriorityClass string
	// Labels say whose the mesh is.
	Labels map[string]string
}

// Mesh is the service mesh.
type Mesh struct {
	pulumi.ResourceState
	component.Parts

	// Ready is what pods with a sidecar wait for: started earlier, they would
	// have none.
	Ready []pulumi.Resource
}

// New makes the mesh.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Mesh, error) {
	m := &Mesh{}
	err := component.Register(ctx, "gatehouse:kubernetes:Mesh", name, m, func(child pulumi.ResourceOption) error {
		if err := args.check(); err != nil {
			return err
		}
		var err error
		if m.Ready, err = install(ctx, name, args, child); err != nil {
			return err
		}
		// The charts bring the kinds, and the webhook that checks them.
		after := component.DependsOn(m.Ready...)
		if err := secure(ctx, name, args, child, after); err != nil {
			return fmt.Errorf("deny what is not allowed: %w", err)
		}
		if err := allow(ctx, name, args, child, after); err != nil {
			return fmt.Errorf("allow flows: %w", err)
		}
		return narrow(ctx, name, args, child, after)
	}, opts...)
	return m, err
}

// check refuses what could never be enforced as it is written.
func (a Args) check() error {
	for _, e := range a.Exclusions {
		if err := e.check(); err != nil {
			return err
		}
	}
	for _, f := range a.Flows {
		to, ok := f.To.(flows.Workload)
		if !ok || !to.Meshed {
			continue
		}
		if _, ok := a.Sidecars[to.Namespace]; !ok {
			return fmt.Errorf("flow %s: namespace %s has no sidecars", f.Name(), to.Namespace)
		}
		if _, ok := identity(f.From); ok {
			continue
		}
		for _, port := range tcp(f.Ports) {
			if !excluded(a.Exclusions, to, port) {
				return fmt.Errorf("flow %s: %s has no identity in the mesh; exclude port %d of %s and say why", f.Name(), f.From.Name(), port, to.App)
			}
		}
	}
	return nil
}

// identity is how the mesh knows a peer; those without a sidecar have none.
func identity(p flows.Peer) (string, bool) {
	w, ok := p.(flows.Workload)
	if !ok || !w.Meshed {
		return "", false
	}
	return TrustDomain + "/ns/" + w.Namespace + "/sa/" + w.ServiceAccount, true
}

// tcp are the numbers of the TCP ports: the mesh carries nothing else.
func tcp(ports []flows.Port) []int {
	var numbers []int
	for _, p := range ports {
		if p.Protocol == flows.ProtocolTCP {
			numbers = append(numbers, p.Number)
		}
	}
	return numbers
}

// Package input is what policies judge: resources, read from a Pulumi state, a
// preview or Kubernetes manifests, in one shape.
//
// Judging them lives in policies/evaluate; the analyzer hands over resources of
// a running engine in the same shape.
package input

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/report"
)

// Resource is one resource as a program declares it.
type Resource struct {
	// URN names it; TYPE::NAMESPACE/NAME for a manifest's object, and
	// TYPE::NAME for one that is in no namespace.
	URN string
	// Type is the Pulumi type token. Objects of manifests have the token that
	// Pulumi would give them: kubernetes:apps/v1:Deployment,
	// kubernetes:core/v1:Pod, kubernetes:cert-manager.io/v1:Certificate.
	Type string
	// Name is the logical name, or NAMESPACE/NAME.
	Name string
	// Properties are the inputs. Computed values are not known yet; Secret
	// values are what they wrap, and a Secret of a Computed value is one that
	// cannot be read (encrypted in the state).
	Properties resource.PropertyMap
	// Outputs are what the provider answered, with "id"; nil before creation.
	Outputs resource.PropertyMap
	// Custom is false for components.
	Custom bool
	// Protect is whether Pulumi refuses to delete it.
	Protect bool
	// Parent and Provider are URNs, "" for none.
	Parent, Provider string
	// Dependencies are the URNs that it waits for; PropertyDependencies those
	// that the value of a top-level property is made from.
	Dependencies         []string
	PropertyDependencies map[string][]string
	// Location is where it is written; nil when nobody knows.
	Location *report.Location
	// Locate finds the place of a property (a path of keys and indexes), for
	// sources that know it better than Location; may be nil.
	Locate func(path []any) *report.Location
}

// Set is everything of one source.
type Set struct {
	// Stack is the environment, "" when the source does not say.
	Stack string
	// Source is what was read, for people: "state of staging".
	Source    string
	Resources []Resource
}

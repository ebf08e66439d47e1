// Package componenttest runs components under Pulumi's mocks and records what
// they register, so that tests assert on the record after the run is over.
// Assertions inside ApplyT may never run; assertions here always do.
package componenttest

import (
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

// Registration is one resource as the engine would have seen it.
type Registration struct {
	Type   string
	Name   string
	Inputs resource.PropertyMap
	// Parent is the URN of the parent, "" for the stack's own.
	Parent string
	// Protect is whether Pulumi refuses to delete it.
	Protect bool
	// Provider is the provider reference, "" when inherited from none.
	Provider string
	// Dependencies are the URNs that it waits for.
	Dependencies []string
	// IgnoreChanges are the input paths whose changes are ignored.
	IgnoreChanges []string
	// Custom is false for components.
	Custom bool
}

// Registrations is everything that a run registered, in no particular order.
type Registrations []Registration

// Run runs program under mocks and returns what it registered. Outputs of a
// resource are its inputs, an ID, an ARN of AWS's form, and what computed adds.
func Run(t testing.TB, program pulumi.RunFunc, options ...pulumi.RunOption) Registrations {
	t.Helper()
	registrations, err := Try(program, options...)
	require.NoError(t, err)
	return registrations
}

// Try is Run for programs that should fail.
func Try(program pulumi.RunFunc, options ...pulumi.RunOption) (Registrations, error) {
	r := &recorder{}
	options = append([]pulumi.RunOption{pulumi.WithMocks("gatehouse", "test", r)}, options...)
	err := pulumi.RunErr(program, options...)
	return r.seen, err
}

// OfType returns the registrations of one type token.
func (rs Registrations) OfType(token string) Registrations {
	return rs.where(func(r Registration) bool { return r.Type == token })
}

// Customs returns the registrations that are no components and no providers.
func (rs Registrations) Customs() Registrations {
	return rs.where(func(r Registration) bool { return r.Custom && !strings.HasPrefix(r.Type, "pulumi:providers:") })
}

// One returns the only registration of a type, and fails the test otherwise.
func (rs Registrations) One(t testing.TB, token string) Registration {
	t.Helper()
	found := rs.OfType(token)
	require.Len(t, found, 1, "registrations of %s: %v", token, found.Names())
	return found[0]
}

// Named returns the registration of a type with a name.
func (rs Registrations) Named(t testing.TB, token, name string) Registration {
	t.Helper()
	for _, r := range rs.OfType(token) {
		if r.Name == name {
			return r
		}
	}
	require.Failf(t, "no such registration", "%s %q among %v", token, name, rs.OfType(token).Names())
	return Registration{}
}

// Names returns the logical names.
func (rs Registrations) Names() []string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = r.Name
	}
	return names
}

func (rs Registrations) where(keep func(Registration) bool) Registrations {
	var kept Registrations
	for _, r := range rs {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// Input returns an input by path (`vpcConfig.subnetIds[0]`) as plain Go values
// with secrets unwrapped, and nil when it is absent.
func (r Registration) Input(path string) any {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil {
		panic(err)
	}
	value, ok := parsed.Get(resource.NewObjectProperty(r.Inputs))
	if !ok {
		return nil
	}
	return unwrap(value)
}

func unwrap(v resource.PropertyValue) any {
	return v.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
		if v.IsSecret() {
			return unwrap(v.SecretValue().Element), true
		}
		return nil, false
	})
}

type recorder struct {
	mu   sync.Mutex
	seen Registrations
}

// Call answers provider functions.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return answered(args.Token, args.Args), nil
}

// NewResource records one registration. Mocks call it concurrently.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	registration := Registration{
		Type: args.TypeToken, Name: args.Name, Inputs: args.Inputs, Provider: args.Provider, Custom: args.Custom,
	}
	if rpc := args.RegisterRPC; rpc != nil {
		registration.Parent = rpc.GetParent()
		registration.Protect = rpc.GetProtect()
		registration.Dependencies = rpc.GetDependencies()
		registration.IgnoreChanges = rpc.GetIgnoreChanges()
	}
	r.mu.Lock()
	r.seen = append(r.seen, registration)
	r.mu.Unlock()

	outputs := args.Inputs.Copy()
	id := args.Name + "-id"
	if _, ok := outputs["arn"]; !ok {
		outputs["arn"] = resource.NewStringProperty("arn:aws:mock:us-west-2:123456789012:" + args.Name)
	}
	computed(args.TypeToken, outputs)
	return id, outputs, nil
}

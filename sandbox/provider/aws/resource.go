package aws

import (
	"context"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// props are plain property values: string, float64, bool, nil, []any, map[string]any, assets and archives.
// Secrets are unwrapped, and no value is unknown.
type props = map[string]any

// Resource is a row of a service's table: one Pulumi type and the AWS calls behind it.
//
// The SDK's own types give the names and types of all properties; a row holds only what is special.
type Resource struct {
	// Token is the Pulumi type, e.g. "aws:ec2/vpc:Vpc".
	Token string
	// Args is the SDK's argument type, e.g. ec2.VpcArgs{}. Its fields are the inputs that Check accepts.
	Args pulumi.Input
	// State is the SDK's resource type, e.g. ec2.Vpc{}. Its tagged fields are the outputs.
	State any

	// Name is the input that is auto-named when absent; NameMax is its greatest length (63 when zero).
	Name    string
	NameMax int
	// Replace lists the inputs whose change replaces the resource. "*" means all but tags.
	Replace []string
	// Rename maps Pulumi names to AWS names, at every depth, where they differ in more than case or a plural s.
	Rename map[string]string
	// Unseen maps inputs ("a" or "a.b", lists by their name) that the emulator does not echo to the reason.
	// They are sent, and never reported as drift.
	Unseen map[string]string
	// ARN is the service and the resource part of the ARN up to the ID, e.g. "ec2:vpc/"; needed where AWS does not tell
	// the ARN. EC2 takes the type for its tag specifications from it.
	ARN string
	// Secret lists outputs that are secret besides those whose inputs are.
	Secret []string

	// Simulated resources are kept in Pulumi's state only, because the emulator lacks the API. Sim gives their ID
	// and the outputs that are not inputs; it may be nil.
	Simulated bool
	Sim       func(r *request) (id string, out props)

	// Create makes the resource and returns its ID.
	Create func(ctx context.Context, r *request) (id string, err error)
	// Find returns the ID of the resource that an interrupted create left behind, or "" when there is none. It is asked
	// before Create, and may return an ID that does not exist. It is needed where AWS chooses the ID, or does not
	// refuse a second resource of the same name; elsewhere the name is the ID, and AWS says that it is taken.
	Find func(ctx context.Context, r *request) (id string, err error)
	// Read observes the resource r.id. An error for which isGone holds means that it does not exist.
	Read func(ctx context.Context, r *request) (props, error)
	// Update changes the resource in place. Nil means that any change but that of tags replaces it.
	Update func(ctx context.Context, r *request) error
	// Delete removes the resource. An error for which isGone holds is success.
	Delete func(ctx context.Context, r *request) error
	// Tag sets and removes tags of an existing resource. Nil when the type has no tags.
	Tag func(ctx context.Context, r *request, set map[string]string, unset []string) error
}

// request is one call of the engine about one resource.
type request struct {
	*clients
	row *Resource
	// urn and name are the engine's names of the resource.
	urn, name string
	// id is the resource's ID; empty while it is created.
	id string
	// in are the inputs: the new ones on create and update, the recorded ones on read and delete.
	in props
	// was are the inputs before an update.
	was props
	// state are the recorded outputs; nil on create.
	state props
}

// str returns the input or, when absent, the recorded output of that name; "" when it is neither.
func (r *request) str(name string) string {
	if s, ok := r.in[name].(string); ok {
		return s
	}
	s, _ := r.state[name].(string)
	return s
}

// num returns the number of that name like str does; 0 when absent.
func (r *request) num(name string) int32 {
	if n, ok := r.in[name].(float64); ok {
		return int32(n)
	}
	n, _ := r.state[name].(float64)
	return int32(n)
}

// flag returns the boolean input of that name; false when absent.
func (r *request) flag(name string) bool {
	b, _ := r.in[name].(bool)
	return b
}

// list returns the strings of an input list; nil when absent.
func (r *request) list(name string) []string { return stringList(r.in[name]) }

// tags returns the input tags; nil when absent.
func (r *request) tags() map[string]string { return stringMap(r.in["tags"]) }

// changed reports whether one of the inputs differs from what it was before the update, or is set on create.
func (r *request) changed(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return !same(r.was[n], r.in[n]) })
}

// stringList returns the strings of a plain list value.
func stringList(v any) []string {
	var out []string
	list, _ := v.([]any)
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// stringMap returns the strings of a plain map value.
func stringMap(v any) map[string]string {
	out := map[string]string{}
	m, _ := v.(map[string]any)
	for k, e := range m {
		if s, ok := e.(string); ok {
			out[k] = s
		}
	}
	return out
}

// listChange returns what to add and to remove so that old becomes new.
func listChange(old, new []string) (add, drop []string) {
	for _, s := range new {
		if !slices.Contains(old, s) {
			add = append(add, s)
		}
	}
	for _, s := range old {
		if !slices.Contains(new, s) {
			drop = append(drop, s)
		}
	}
	return add, drop
}

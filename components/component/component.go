// Package component holds what every component of this repository shares: how
// one is registered, how its outputs are published and how names are cut.
//
// It knows no AWS and no Kubernetes; those live in the packages beside it, one
// concern each.
package component

import (
	"fmt"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Build registers the children of c; every child takes child as an option, so
// that it is parented and uses c's providers.
type Build func(child pulumi.ResourceOption) error

// Register registers c as a component of the given type token and name, runs
// build, and then publishes c's outputs: the exported fields of the struct that
// c points to which carry a `pulumi:"name"` tag. They are published last, so
// that nobody sees a component as complete before its last child is registered.
func Register(ctx *pulumi.Context, token, name string, c whole, build Build, opts ...pulumi.ResourceOption) error {
	if err := ctx.RegisterComponentResource(token, name, c, opts...); err != nil {
		return fmt.Errorf("register %s %s: %w", token, name, err)
	}
	if err := build(pulumi.Composite(pulumi.Parent(c), recorded(c))); err != nil {
		return fmt.Errorf("%s %s: %w", token, name, err)
	}
	if err := ctx.RegisterResourceOutputs(c, outputs(c)); err != nil {
		return fmt.Errorf("publish outputs of %s: %w", name, err)
	}
	return nil
}

// outputs collects the tagged fields of the struct behind c.
func outputs(c pulumi.ComponentResource) pulumi.Map {
	found := pulumi.Map{}
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("pulumi")
		if tag == "" || v.Field(i).IsZero() {
			continue
		}
		if value, ok := v.Field(i).Interface().(pulumi.Input); ok {
			found[tag] = value
		}
	}
	return found
}

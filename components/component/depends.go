package component

import (
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Parts remembers what a component is made of. Every component embeds it beside
// pulumi.ResourceState; Register fills it.
//
// Pulumi's SDK keeps the same list, but adds a child to it from the goroutine
// that registers the child: who depends on a component at that moment waits for
// some of its children only, and is destroyed beside the others.
type Parts struct {
	mu   sync.Mutex
	made []pulumi.Resource
}

// whole is a component that knows its parts.
type whole interface {
	pulumi.ComponentResource
	record(part pulumi.Resource)
	parts() []pulumi.Resource
}

// least is the least that a component is.
type least struct {
	pulumi.ResourceState
	Parts
}

var _ whole = (*least)(nil)

func (p *Parts) record(part pulumi.Resource) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made = append(p.made, part)
}

func (p *Parts) parts() []pulumi.Resource {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.made)
}

// recorded makes every resource that is registered with it, and all below that
// one, a part of c. A transformation runs where the child is registered, before
// anything else can ask.
func recorded(c whole) pulumi.ResourceOption {
	return pulumi.Transformations([]pulumi.ResourceTransformation{
		func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
			if _, custom := args.Resource.(pulumi.CustomResource); custom {
				c.record(args.Resource)
			}
			return nil
		},
	})
}

// DependsOn is pulumi.DependsOn for resources and finished components: of a
// component, it waits for every resource inside.
func DependsOn(resources ...pulumi.Resource) pulumi.ResourceOrInvokeOption {
	var all []pulumi.Resource
	for _, r := range resources {
		if c, is := r.(whole); is {
			all = append(all, c.parts()...)
		} else {
			all = append(all, r)
		}
	}
	return pulumi.DependsOn(all)
}

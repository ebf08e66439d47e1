package component_test

import (
	"runtime"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/component"
	"gatehouse/components/componenttest"
)

type page struct{ pulumi.CustomResourceState }

func newPage(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (*page, error) {
	p := &page{}
	return p, ctx.RegisterResource("test:index:Page", name, pulumi.Map{}, p, opts...)
}

// The SDK counts a child from the moment on that its import ID is known, which
// is here after the last page asked: it would wait for the single one alone.
func TestDependsOnWaitsForEveryPart(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		id, resolve, _ := ctx.NewOutput()
		late := pulumi.Import(id.ApplyT(func(any) pulumi.ID { return "imported" }).(pulumi.IDOutput))
		outer := &shelf{}
		err := component.Register(ctx, "test:Shelf", "outer", outer, func(child pulumi.ResourceOption) error {
			if _, err := newPage(ctx, "cover", child, late); err != nil {
				return err
			}
			return component.Register(ctx, "test:Shelf", "inner", &shelf{}, func(child pulumi.ResourceOption) error {
				_, err := newPage(ctx, "page", child, late)
				return err
			}, child)
		})
		if err != nil {
			return err
		}
		single, err := newPage(ctx, "single")
		if err != nil {
			return err
		}
		_, err = newPage(ctx, "last", component.DependsOn(outer, single))
		for range 1000 {
			runtime.Gosched()
		}
		resolve("imported")
		return err
	})
	require.Len(t, seen.Named(t, "test:index:Page", "last").Dependencies, 3, "the cover, the page and the single one")
}

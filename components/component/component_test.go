package component_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/component"
	"gatehouse/components/componenttest"
)

type shelf struct {
	pulumi.ResourceState
	component.Parts

	Kept   pulumi.StringOutput `pulumi:"kept"`
	Unset  pulumi.StringOutput `pulumi:"unset"`
	Hidden pulumi.StringOutput
}

type book struct{ pulumi.ResourceState }

func TestRegisterParentsChildrenAndPublishesLast(t *testing.T) {
	var published pulumi.StringOutput
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		s := &shelf{}
		err := component.Register(ctx, "test:Shelf", "shelf", s, func(child pulumi.ResourceOption) error {
			s.Kept = pulumi.String("kept").ToStringOutput()
			return ctx.RegisterComponentResource("test:Book", "book", &book{}, child)
		})
		published = s.Kept
		return err
	})
	require.Equal(t, []string{"shelf"}, seen.OfType("test:Shelf").Names())
	require.Contains(t, seen.One(t, "test:Book").Parent, "test:Shelf::shelf")
	require.NotEqual(t, pulumi.StringOutput{}, published)
}

func TestRegisterNamesTheComponentThatFailed(t *testing.T) {
	wrong := errors.New("no wood")
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		return component.Register(ctx, "test:Shelf", "shelf", &shelf{}, func(pulumi.ResourceOption) error { return wrong })
	})
	require.ErrorIs(t, err, wrong)
	require.ErrorContains(t, err, "test:Shelf shelf: no wood")
}

package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/scheduling"
)

// deployScheduling makes the priority classes and returns what pods wait for.
func deployScheduling(ctx *pulumi.Context, env Environment, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	made, err := scheduling.New(ctx, env.Named("priorities"), scheduling.Args{Labels: ownership(env)}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy priority classes: %w", err)
	}
	return made.Ready, nil
}

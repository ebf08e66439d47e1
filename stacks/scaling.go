package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/scaling"
)

// deployScaling installs the cluster autoscaler.
func deployScaling(ctx *pulumi.Context, env Environment, cluster ClusterOutputs, opts ...pulumi.ResourceOption) error {
	_, err := scaling.New(ctx, env.Named("autoscaler"), scaling.Args{
		Namespace: pulumi.String("kube-system"), Labels: ownership(env), RoleARN: cluster.Roles["autoscaler"],
		ClusterName: cluster.Name, Region: env.Region,
	}, opts...)
	if err != nil {
		return fmt.Errorf("deploy the autoscaler: %w", err)
	}
	return nil
}

// Package stacks is the program of an environment: one file a layer, each
// taking the configuration and the typed outputs of earlier layers. What a
// layer is made of lives in components; what a configuration may say lives in
// stacks/config.
package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/stacks/config"
)

// Layers names the layers in the order in which data runs through them.
var Layers = []string{"foundation", "network", "edge", "data", "cluster", "platform"}

// Deploy is what `pulumi up` and `gatehouse up` both run.
func Deploy(ctx *pulumi.Context) error {
	return deploy(ctx, func(*config.Config) {})
}

// DeployUnprotected is Deploy with every protection off, in Pulumi and in AWS:
// what `gatehouse destroy --unprotect` runs before it destroys.
func DeployUnprotected(ctx *pulumi.Context) error {
	return deploy(ctx, func(c *config.Config) { c.Environment.Protect = false })
}

func deploy(ctx *pulumi.Context, adjust func(*config.Config)) error {
	c, err := config.FromPulumi(ctx)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	adjust(&c)
	env, err := newEnvironment(ctx, c)
	if err != nil {
		return err
	}
	foundation, err := deployFoundation(ctx, env)
	if err != nil {
		return err
	}
	network, err := deployNetwork(ctx, env, foundation)
	if err != nil {
		return err
	}
	edge, err := deployEdge(ctx, env, foundation)
	if err != nil {
		return err
	}
	data, err := deployData(ctx, env, foundation, network)
	if err != nil {
		return err
	}
	cluster, err := deployCluster(ctx, env, foundation, network, edge, data)
	if err != nil {
		return err
	}
	if err := deployPlatform(ctx, env, foundation, data, cluster); err != nil {
		return err
	}
	export(ctx, foundation, network, edge, data, cluster)
	return nil
}

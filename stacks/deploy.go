// Package stacks is the program of an environment: one file a layer, each
// taking the configuration and the typed outputs of earlier layers. What a
// layer is made of lives in components; what a configuration may say lives in
// stacks/config.
package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/sync/errgroup"

	"gatehouse/stacks/config"
)

// deployment is an environment while it is deployed: what each layer returned.
type deployment struct {
	env        Environment
	foundation FoundationOutputs
	network    NetworkOutputs
	edge       EdgeOutputs
	data       DataOutputs
	cluster    ClusterOutputs
	platform   PlatformOutputs
}

// step is one layer: how it is deployed from what earlier ones returned, and
// which of the stack's outputs it gives.
type step struct {
	name    string
	deploy  func(ctx *pulumi.Context, d *deployment) error
	outputs func(d *deployment) pulumi.Map
}

// steps are the layers in the order in which data runs through them.
func steps() []step {
	return []step{
		{"foundation", func(ctx *pulumi.Context, d *deployment) (err error) {
			d.foundation, err = deployFoundation(ctx, d.env)
			return err
		}, foundationOutputs},
		{"network", func(ctx *pulumi.Context, d *deployment) (err error) {
			d.network, err = deployNetwork(ctx, d.env, d.foundation)
			return err
		}, networkOutputs},
		{"edge", func(ctx *pulumi.Context, d *deployment) (err error) {
			d.edge, err = deployEdge(ctx, d.env, d.foundation)
			return err
		}, edgeOutputs},
		{"data", func(ctx *pulumi.Context, d *deployment) (err error) {
			d.data, err = deployData(ctx, d.env, d.foundation, d.network)
			return err
		}, dataOutputs},
		{"cluster", func(ctx *pulumi.Context, d *deployment) (err error) {
			d.cluster, err = deployCluster(ctx, d.env, d.foundation, d.network, d.edge, d.data)
			return err
		}, clusterOutputs},
		{"platform", func(ctx *pulumi.Context, d *deployment) (err error) {
			d.platform, err = deployPlatform(ctx, d.env, d.foundation, d.network, d.edge, d.data, d.cluster)
			return err
		}, platformOutputs},
		{"portal", func(ctx *pulumi.Context, d *deployment) error {
			return deployPortal(ctx, d.env, d.foundation, d.network, d.edge, d.data, d.cluster, d.platform)
		}, portalOutputs},
	}
}

// Layers names the layers in their order.
func Layers() []string {
	var names []string
	for _, s := range steps() {
		names = append(names, s.name)
	}
	return names
}

// Deploy is what `pulumi up` and `gatehouse up` both run.
func Deploy(ctx *pulumi.Context) error {
	return deploy(ctx, "", func(*config.Config) {})
}

// Through is Deploy up to and including one layer. Later layers are not
// registered, so whoever runs it must target these layers alone; the outputs
// of later ones are missing until the next whole up.
func Through(layer string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error { return deploy(ctx, layer, func(*config.Config) {}) }
}

// DeployUnprotected is Deploy with every protection off, in Pulumi and in AWS:
// what `gatehouse destroy --unprotect` runs before it destroys.
func DeployUnprotected(ctx *pulumi.Context) error {
	return deploy(ctx, "", func(c *config.Config) { c.Environment.Protect = false })
}

func deploy(ctx *pulumi.Context, last string, adjust func(*config.Config)) error {
	c, err := config.FromPulumi(ctx)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	adjust(&c)
	env, err := newEnvironment(ctx, c)
	if err != nil {
		return err
	}
	d := &deployment{env: env}
	for _, s := range steps() {
		if err := aside(func() error { return s.deploy(ctx, d) }); err != nil {
			return err
		}
		for name, value := range s.outputs(d) {
			ctx.Export(name, value)
		}
		if s.name == last {
			break
		}
	}
	return nil
}

// aside runs f on a stack of its own. Pulumi keeps the stack trace of every
// registration in the state, which it writes anew after every step: without the
// frames of the engine and the libraries below, the state is half as large and
// an up from nothing that much faster.
func aside(f func() error) error {
	var group errgroup.Group
	group.Go(f)
	return group.Wait()
}

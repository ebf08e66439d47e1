package stacks

import (
	"fmt"
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/stacks/config"
)

// Environment is what every layer is given besides earlier layers' outputs.
type Environment struct {
	// Name is the Pulumi stack, e.g. "staging".
	Name string
	// Prefix begins every physical and logical name, e.g. "gatehouse-staging".
	Prefix string
	// Partition is the AWS partition, "aws" almost everywhere.
	Partition string
	// AccountID is the account that the providers really talk to: the
	// configured one, or the emulator's in the sandbox.
	AccountID string
	// Region is the environment's region.
	Region string
	// Asked is who asks for this operation, and why.
	Asked  Asked
	Config config.Config
	// Providers are the providers of the environment's region and cluster.
	Providers Providers
}

// newEnvironment names the environment and registers its providers.
func newEnvironment(ctx *pulumi.Context, c config.Config) (Environment, error) {
	env := Environment{
		Name:      ctx.Stack(),
		Prefix:    ctx.Project() + "-" + ctx.Stack(),
		Partition: partition(string(c.Environment.Region)),
		AccountID: string(c.Environment.AccountID),
		Region:    string(c.Environment.Region),
		Asked:     newAsked(os.Getenv, login),
		Config:    c,
	}
	if c.Sandbox != nil {
		env.AccountID = string(c.Sandbox.AccountID)
	}
	var err error
	env.Providers, err = newProviders(ctx, env)
	return env, err
}

// partition is the AWS partition of a region.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// Production tells whether production's minimums hold here.
func (e Environment) Production() bool { return e.Config.Environment.Tier == config.Production }

// Named returns a name within the environment: prefix and parts with dashes.
// It is the name of every component and of what a person looks for in AWS.
func (e Environment) Named(parts string) string { return e.Prefix + "-" + parts }

// layer is the component under which everything of one layer stands, so that
// a URN tells the layer.
type layer struct{ pulumi.ResourceState }

// newLayer registers a layer and returns the options for its components:
// parented to it, with the given providers.
func newLayer(ctx *pulumi.Context, env Environment, name string, providers ...pulumi.ProviderResource) (pulumi.ResourceOption, error) {
	l := &layer{}
	if err := ctx.RegisterComponentResource("gatehouse:layer:"+name, env.Named(name), l, pulumi.Providers(providers...)); err != nil {
		return nil, fmt.Errorf("register layer %s: %w", name, err)
	}
	return pulumi.Parent(l), nil
}

package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// edgeRegion is where CloudFront reads certificates and web ACLs from (AWS
// documentation, "Requirements for using SSL/TLS certificates with
// CloudFront").
const edgeRegion = "us-east-1"

// Providers are the AWS providers of an environment. Default providers are
// disabled in Pulumi.yaml, so that nothing can go to another account by
// accident; the Kubernetes provider is made by the cluster layer's outputs.
type Providers struct {
	// Regional is the environment's region, Edge us-east-1.
	Regional, Edge *aws.Provider
}

// newProviders registers both providers. Each refuses every account but the
// configured one. In the sandbox they speak to a loopback address with
// credentials that open nothing.
func newProviders(ctx *pulumi.Context, env Environment) (Providers, error) {
	regional, err := newProvider(ctx, env, "regional", env.Region)
	if err != nil {
		return Providers{}, err
	}
	edge, err := newProvider(ctx, env, "edge", edgeRegion)
	return Providers{Regional: regional, Edge: edge}, err
}

func newProvider(ctx *pulumi.Context, env Environment, name, region string) (*aws.Provider, error) {
	args := &aws.ProviderArgs{
		Region:            pulumi.String(region),
		AllowedAccountIds: pulumi.ToStringArray([]string{env.AccountID}),
		DefaultTags:       aws.ProviderDefaultTagsArgs{Tags: pulumi.ToStringMap(defaultTags(env))},
	}
	if env.Config.Sandbox != nil {
		toSandbox(args)
	}
	provider, err := aws.NewProvider(ctx, env.Named(name), args)
	if err != nil {
		return nil, fmt.Errorf("register the AWS provider of %s: %w", region, err)
	}
	return provider, nil
}

// defaultTags are on everything that AWS lets us tag.
func defaultTags(env Environment) map[string]string {
	c := env.Config.Environment
	return map[string]string{
		"environment":         env.Name,
		"tier":                string(c.Tier),
		"owner":               c.Owner,
		"cost-center":         c.CostCenter,
		"data-classification": string(c.DataClassification),
		"managed-by":          "pulumi",
		"project":             "gatehouse",
	}
}

// toSandbox keeps the provider from looking anywhere but at the sandbox. The
// endpoint is not an input: it comes in AWS_ENDPOINT_URL, so that the state does
// not remember the port of a sandbox that is gone.
func toSandbox(args *aws.ProviderArgs) {
	args.AccessKey = pulumi.String("sandbox")
	args.SecretKey = pulumi.ToSecret(pulumi.String("sandbox")).(pulumi.StringOutput)
	args.S3UsePathStyle = pulumi.Bool(true)
	args.SkipCredentialsValidation = pulumi.Bool(true)
	args.SkipMetadataApiCheck = pulumi.Bool(true)
}

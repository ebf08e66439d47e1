// Package registry makes the ECR repositories of an environment, and the
// registry's own settings where the environment owns them.
//
// Who may pull and push is decided by IAM: without a repository policy only
// the account's own principals can, so there is none here.
package registry

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ecr"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args describes the repositories.
type Args struct {
	// Prefix begins every repository's physical name: PREFIX/NAME.
	Prefix string
	// Repositories are short names, e.g. "websocket"; the order does not matter.
	Repositories []string
	// KeepImages is how many tagged images a repository keeps.
	KeepImages int
	// UntaggedDays is how long an untagged image is kept.
	UntaggedDays int
	// KeyARN is the KMS key of the images.
	KeyARN pulumi.StringInput
	// AccountSettings sets what the whole registry shares: enhanced scanning
	// and the pull-through cache. One environment of an account does so.
	AccountSettings bool
	// Protect keeps Pulumi from deleting a repository. An unprotected one is
	// deleted with its images.
	Protect bool
}

// Registry is a set of repositories.
type Registry struct {
	pulumi.ResourceState
	component.Parts

	// Repositories are the repositories by short name.
	Repositories map[string]Repository
	// URLs are the repositories' URLs by short name.
	URLs pulumi.StringMap `pulumi:"urls"`
}

// Repository is one ECR repository.
type Repository struct{ ARN, URL pulumi.StringOutput }

// New makes the repositories.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Registry, error) {
	r := &Registry{Repositories: map[string]Repository{}, URLs: pulumi.StringMap{}}
	err := component.Register(ctx, "gatehouse:aws:Registry", name, r, func(child pulumi.ResourceOption) error {
		lifecycle, err := keep(args.KeepImages, args.UntaggedDays).JSON()
		if err != nil {
			return err
		}
		for _, short := range args.Repositories {
			made, err := newRepository(ctx, name+"-"+short, short, lifecycle, args, child)
			if err != nil {
				return fmt.Errorf("repository %s: %w", short, err)
			}
			r.Repositories[short], r.URLs[short] = made, made.URL
		}
		if !args.AccountSettings {
			return nil
		}
		return accountSettings(ctx, name, child)
	}, opts...)
	return r, err
}

func newRepository(ctx *pulumi.Context, name, short, lifecycle string, args Args, child pulumi.ResourceOption) (Repository, error) {
	repository, err := ecr.NewRepository(ctx, name, &ecr.RepositoryArgs{
		Name:               pulumi.String(args.Prefix + "/" + short),
		ImageTagMutability: pulumi.String("IMMUTABLE"),
		ForceDelete:        pulumi.Bool(!args.Protect),
		ImageScanningConfiguration: ecr.RepositoryImageScanningConfigurationArgs{
			ScanOnPush: pulumi.Bool(true),
		},
		EncryptionConfigurations: ecr.RepositoryEncryptionConfigurationArray{ecr.RepositoryEncryptionConfigurationArgs{
			EncryptionType: pulumi.String("KMS"), KmsKey: args.KeyARN.ToStringOutput().ToStringPtrOutput(),
		}},
	}, child, pulumi.Protect(args.Protect))
	if err != nil {
		return Repository{}, err
	}
	_, err = ecr.NewLifecyclePolicy(ctx, name, &ecr.LifecyclePolicyArgs{
		Repository: repository.Name, Policy: pulumi.String(lifecycle),
	}, child)
	return Repository{ARN: repository.Arn, URL: repository.RepositoryUrl}, err
}

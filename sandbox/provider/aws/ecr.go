package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ecr"
)

type ecrc = api.Client

// ecrRows are image repositories and the registry's settings.
func ecrRows() []Resource {
	repository := map[string]string{"repository": "RepositoryName", "policy": "LifecyclePolicyText|PolicyText"}
	return []Resource{
		{
			Token: "aws:ecr/repository:Repository", Args: ecr.RepositoryArgs{}, State: ecr.Repository{},
			Name: "name", NameMax: 256, Replace: []string{"name", "encryptionConfigurations"},
			Rename: map[string]string{"name": "RepositoryName", "arn": "RepositoryArn", "repositoryUrl": "RepositoryUri"},
			Tag:    tagger((*ecrc).TagResource, (*ecrc).UntagResource, "ResourceArn", byARN),
			Create: create((*ecrc).CreateRepository, ""),
			Read:   merged(read((*ecrc).DescribeRepositories, "RepositoryNames", "Repositories"), listTags((*ecrc).ListTagsForResource, "ResourceArn", byARN)),
			Update: steps(update((*ecrc).PutImageTagMutability, "RepositoryName"), update((*ecrc).PutImageScanningConfiguration, "RepositoryName")),
			Delete: remove((*ecrc).DeleteRepository, "RepositoryName", func(r *request, in *api.DeleteRepositoryInput) {
				in.Force = r.flag("forceDelete")
			}),
		},
		{
			Token: "aws:ecr/lifecyclePolicy:LifecyclePolicy", Args: ecr.LifecyclePolicyArgs{}, State: ecr.LifecyclePolicy{},
			Name: "repository", Replace: []string{"repository"}, Rename: repository,
			Create: create((*ecrc).PutLifecyclePolicy, ""), Update: again(create((*ecrc).PutLifecyclePolicy, "")),
			Read:   read((*ecrc).GetLifecyclePolicy, "RepositoryName", ""),
			Delete: remove((*ecrc).DeleteLifecyclePolicy, "RepositoryName"),
		},
		{
			Token: "aws:ecr/repositoryPolicy:RepositoryPolicy", Args: ecr.RepositoryPolicyArgs{}, State: ecr.RepositoryPolicy{},
			Name: "repository", Replace: []string{"repository"}, Rename: repository,
			Create: create((*ecrc).SetRepositoryPolicy, ""), Update: again(create((*ecrc).SetRepositoryPolicy, "")),
			Read:   read((*ecrc).GetRepositoryPolicy, "RepositoryName", ""),
			Delete: remove((*ecrc).DeleteRepositoryPolicy, "RepositoryName"),
		},
		{
			Token: "aws:ecr/registryPolicy:RegistryPolicy", Args: ecr.RegistryPolicyArgs{}, State: ecr.RegistryPolicy{},
			Rename: map[string]string{"policy": "PolicyText"},
			Create: create((*ecrc).PutRegistryPolicy, "RegistryId"), Update: again(create((*ecrc).PutRegistryPolicy, "RegistryId")),
			Read:   read((*ecrc).GetRegistryPolicy, "", ""),
			Delete: remove((*ecrc).DeleteRegistryPolicy, ""),
		},
		{
			Token: "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", Args: ecr.RegistryScanningConfigurationArgs{}, State: ecr.RegistryScanningConfiguration{},
			Create: putScanning, Update: again(putScanning),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*ecrc).GetRegistryScanningConfiguration, &api.GetRegistryScanningConfigurationInput{})
				if err != nil {
					return nil, err
				}
				return r.see(*out.ScanningConfiguration, props{"registryId": aws.ToString(out.RegistryId)}), nil
			},
			Delete: func(ctx context.Context, r *request) error {
				_, err := call(ctx, r, (*ecrc).PutRegistryScanningConfiguration, &api.PutRegistryScanningConfigurationInput{ScanType: types.ScanTypeBasic, Rules: []types.RegistryScanningRule{}})
				return err
			},
		},
		{
			Token: "aws:ecr/pullThroughCacheRule:PullThroughCacheRule", Args: ecr.PullThroughCacheRuleArgs{}, State: ecr.PullThroughCacheRule{},
			Simulated: true, Name: "ecrRepositoryPrefix", Replace: []string{"ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"},
			Sim: func(*request) (string, props) { return "", props{"registryId": sandboxAccount} },
		},
	}
}

func putScanning(ctx context.Context, r *request) (string, error) {
	_, err := send(ctx, r, (*ecrc).PutRegistryScanningConfiguration)
	return sandboxAccount, err
}

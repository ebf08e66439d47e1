package registry

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ecr"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// publicPrefix is where images of the public gallery are pulled through, so
// that an outage or a rate limit of the gallery does not stop a node.
const publicPrefix = "ecr-public"

// accountSettings sets what every repository of the account's registry
// shares. Enhanced scanning also reads language packages (npm), and looks again
// when a new vulnerability becomes known.
func accountSettings(ctx *pulumi.Context, name string, child pulumi.ResourceOption) error {
	_, err := ecr.NewRegistryScanningConfiguration(ctx, name+"-scanning", &ecr.RegistryScanningConfigurationArgs{
		ScanType: pulumi.String("ENHANCED"),
		Rules: ecr.RegistryScanningConfigurationRuleArray{ecr.RegistryScanningConfigurationRuleArgs{
			ScanFrequency: pulumi.String("CONTINUOUS_SCAN"),
			RepositoryFilters: ecr.RegistryScanningConfigurationRuleRepositoryFilterArray{
				ecr.RegistryScanningConfigurationRuleRepositoryFilterArgs{
					Filter: pulumi.String("*"), FilterType: pulumi.String("WILDCARD"),
				},
			},
		}},
	}, child)
	if err != nil {
		return err
	}
	_, err = ecr.NewPullThroughCacheRule(ctx, name+"-"+publicPrefix, &ecr.PullThroughCacheRuleArgs{
		EcrRepositoryPrefix: pulumi.String(publicPrefix),
		UpstreamRegistryUrl: pulumi.String("public.ecr.aws"),
	}, child)
	return err
}

package sandbox

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/stretchr/testify/require"
)

// inventory is what an emulator holds of an environment, by kind. Kinds that a
// bare account has too (default VPC, AWS's own keys) are left out.
func inventory(t *testing.T, config aws.Config) map[string][]string {
	t.Helper()
	ctx := t.Context()
	found := map[string][]string{}
	add := func(kind string, name *string) { found[kind] = append(found[kind], aws.ToString(name)) }

	network := ec2.NewFromConfig(config)
	vpcs, err := network.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	require.NoError(t, err)
	for _, v := range vpcs.Vpcs {
		if !aws.ToBool(v.IsDefault) {
			add("vpc", v.VpcId)
		}
	}
	gateways, err := network.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{})
	require.NoError(t, err)
	for _, g := range gateways.NatGateways {
		if g.State == "available" {
			add("nat gateway", g.NatGatewayId)
		}
	}
	keys := kms.NewFromConfig(config)
	listed, err := keys.ListKeys(ctx, &kms.ListKeysInput{})
	require.NoError(t, err)
	for _, k := range listed.Keys {
		key, err := keys.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: k.KeyId})
		require.NoError(t, err)
		if key.KeyMetadata.KeyManager == types.KeyManagerTypeCustomer && key.KeyMetadata.KeyState == types.KeyStateEnabled {
			add("key", key.KeyMetadata.Description)
		}
	}
	buckets, err := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }).ListBuckets(ctx, &s3.ListBucketsInput{})
	require.NoError(t, err)
	for _, b := range buckets.Buckets {
		add("bucket", b.Name)
	}
	roles, err := iam.NewFromConfig(config).ListRoles(ctx, &iam.ListRolesInput{})
	require.NoError(t, err)
	for _, r := range roles.Roles {
		if !strings.HasPrefix(aws.ToString(r.Path), "/aws-service-role/") {
			add("role", r.RoleName)
		}
	}
	databases, err := rds.NewFromConfig(config).DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})
	require.NoError(t, err)
	for _, d := range databases.DBInstances {
		add("database", d.DBInstanceIdentifier)
	}
	groups, err := cloudwatchlogs.NewFromConfig(config).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	require.NoError(t, err)
	for _, g := range groups.LogGroups {
		add("log group", g.LogGroupName)
	}
	repositories, err := ecr.NewFromConfig(config).DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{})
	require.NoError(t, err)
	for _, r := range repositories.Repositories {
		add("repository", r.RepositoryName)
	}
	systems, err := efs.NewFromConfig(config).DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{})
	require.NoError(t, err)
	for _, f := range systems.FileSystems {
		add("file system", f.Name)
	}
	clusters, err := eks.NewFromConfig(config).ListClusters(ctx, &eks.ListClustersInput{})
	require.NoError(t, err)
	for _, c := range clusters.Clusters {
		add("cluster", &c)
	}
	secrets, err := secretsmanager.NewFromConfig(config).ListSecrets(ctx, &secretsmanager.ListSecretsInput{})
	require.NoError(t, err)
	for _, s := range secrets.SecretList {
		if s.DeletedDate == nil {
			add("secret", s.Name)
		}
	}
	for _, names := range found {
		slices.Sort(names)
	}
	return found
}

// requireOnce wants no name twice in any kind that names its things.
func requireOnce(t *testing.T, found map[string][]string) {
	t.Helper()
	for kind, names := range found {
		require.Len(t, slices.Compact(slices.Clone(names)), len(names), "%s twice: %v", kind, names)
	}
	// Buckets have made-up suffixes: two of one purpose are the same thing twice.
	var purposes []string
	for _, bucket := range found["bucket"] {
		purposes = append(purposes, bucket[:strings.LastIndex(bucket, "-")])
	}
	require.Len(t, slices.Compact(slices.Clone(purposes)), len(purposes), "buckets: %v", found["bucket"])
}

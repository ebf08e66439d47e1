package readiness

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gatehouse/checks/target"
)

// A large account: 2,000 resources that belong to the environment.
const (
	groups       = 600
	secrets      = 400
	logGroups    = 400
	snapshots    = 200
	repositories = 10
	images       = 40 // of each
)

const region, prefix = "us-west-2", "gatehouse-large"

// fillAccount makes the emulator's account large, and says where things are.
func fillAccount(t testing.TB, endpoint string) *target.AWS {
	t.Helper()
	config := aws.Config{Region: region, BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	began := time.Now()
	ctx := t.Context()
	network := ec2.NewFromConfig(config)
	vpc, err := network.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	require.NoError(t, err)
	at := &target.AWS{
		Region: region, AccountID: "123456789012", Endpoint: endpoint, Prefix: prefix, VPC: aws.ToString(vpc.Vpc.VpcId),
		Cluster: prefix + "-cluster", Database: prefix + "-db", Cache: prefix + "-redis", BackupVault: prefix + "-vault",
		Buckets: map[string]string{"audit": prefix + "-audit", "backups": prefix + "-backups", "plugins": prefix + "-plugins"},
	}
	databases, registry := rds.NewFromConfig(config), ecr.NewFromConfig(config)
	_, err = databases.CreateDBInstance(ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: &at.Database, Engine: aws.String("postgres"), DBInstanceClass: aws.String("db.t4g.medium"),
		MasterUsername: aws.String("master"), MasterUserPassword: aws.String("not-a-secret"), AllocatedStorage: aws.Int32(20),
	})
	require.NoError(t, err)
	for i := range repositories {
		at.Repositories = append(at.Repositories, fmt.Sprintf("%s/app-%d", prefix, i))
		_, err := registry.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &at.Repositories[i]})
		require.NoError(t, err)
	}
	kept, logs := secretsmanager.NewFromConfig(config), cloudwatchlogs.NewFromConfig(config)
	many(t, groups, func(ctx context.Context, i int) error {
		name := aws.String(fmt.Sprintf("%s-%d", prefix, i))
		_, err := network.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: name, Description: name, VpcId: &at.VPC})
		return err
	})
	many(t, secrets, func(ctx context.Context, i int) error {
		_, err := kept.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
			Name: aws.String(fmt.Sprintf("%s/%d", prefix, i)), SecretString: aws.String("made up"),
		})
		return err
	})
	many(t, logGroups, func(ctx context.Context, i int) error {
		_, err := logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(fmt.Sprintf("/aws/%s/%d", prefix, i))})
		return err
	})
	many(t, snapshots, func(ctx context.Context, i int) error {
		_, err := databases.CreateDBSnapshot(ctx, &rds.CreateDBSnapshotInput{
			DBInstanceIdentifier: &at.Database, DBSnapshotIdentifier: aws.String(fmt.Sprintf("%s-%d", prefix, i)),
		})
		return err
	})
	many(t, repositories*images, func(ctx context.Context, i int) error {
		_, err := registry.PutImage(ctx, &ecr.PutImageInput{
			RepositoryName: &at.Repositories[i%repositories], ImageTag: aws.String(fmt.Sprintf("1.0.%d", i)),
			ImageManifest: aws.String(fmt.Sprintf(`{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": {"digest": "sha256:%064x"}, "layers": []}`, i)),
		})
		return err
	})
	t.Logf("%d resources made in %s", groups+secrets+logGroups+snapshots+repositories*images, time.Since(began).Round(time.Second))
	return at
}

func many(t testing.TB, count int, do func(ctx context.Context, i int) error) {
	t.Helper()
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(makersAtOnce)
	for i := range count {
		group.Go(func() error { return do(ctx, i) })
	}
	require.NoError(t, group.Wait())
}

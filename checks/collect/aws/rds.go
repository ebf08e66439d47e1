package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"gatehouse/checks/evidence"
)

func readersOfRDS(c *Collector) []evidence.Reader {
	client := rds.NewFromConfig(c.config)
	return []evidence.Reader{
		evidence.Read(evidence.AWSDatabases, c.statement("rds:DescribeDBInstances", c.target.Database), func(ctx context.Context) ([]evidence.DBInstance, error) {
			return c.databases(ctx, client)
		}),
		evidence.Read(evidence.AWSDatabaseSnapshots, c.statement("rds:DescribeDBSnapshots", c.target.Database), func(ctx context.Context) ([]evidence.DBSnapshot, error) {
			return c.databaseSnapshots(ctx, client)
		}),
	}
}

// databases reads the primary and then each replica that it names.
func (c *Collector) databases(ctx context.Context, client *rds.Client) ([]evidence.DBInstance, error) {
	if c.target.Database == "" {
		return nil, missing("RDS database", "database")
	}
	read := func(ctx context.Context, id string) (types.DBInstance, error) {
		out, err := client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &id})
		if err != nil {
			return types.DBInstance{}, err
		}
		if len(out.DBInstances) != 1 {
			return types.DBInstance{}, evidence.Problem{Kind: evidence.Invalid, Message: "rds:DescribeDBInstances did not answer with the one instance " + id}
		}
		return out.DBInstances[0], nil
	}
	primary, err := read(ctx, c.target.Database)
	if err != nil {
		return nil, err
	}
	replicas, err := each(ctx, primary.ReadReplicaDBInstanceIdentifiers, read)
	all := []evidence.DBInstance{databaseOf(primary)}
	for _, replica := range replicas {
		all = append(all, databaseOf(replica))
	}
	return all, err
}

func databaseOf(i types.DBInstance) evidence.DBInstance {
	database := evidence.DBInstance{
		ID: aws.ToString(i.DBInstanceIdentifier), Engine: aws.ToString(i.Engine), Version: aws.ToString(i.EngineVersion),
		Status: aws.ToString(i.DBInstanceStatus), Zone: aws.ToString(i.AvailabilityZone),
		SourceID: aws.ToString(i.ReadReplicaSourceDBInstanceIdentifier),
		MultiAZ:  aws.ToBool(i.MultiAZ), StandbyZone: aws.ToString(i.SecondaryAvailabilityZone),
		Encrypted: aws.ToBool(i.StorageEncrypted), DeletionProtection: aws.ToBool(i.DeletionProtection), Public: aws.ToBool(i.PubliclyAccessible),
		BackupDays: int(aws.ToInt32(i.BackupRetentionPeriod)), Restorable: aws.ToTime(i.LatestRestorableTime),
		BackupWindow: aws.ToString(i.PreferredBackupWindow), MaintenanceWindow: aws.ToString(i.PreferredMaintenanceWindow),
		MinorUpgrades: aws.ToBool(i.AutoMinorVersionUpgrade),
		Insights:      aws.ToBool(i.PerformanceInsightsEnabled), MonitoringSeconds: int(aws.ToInt32(i.MonitoringInterval)),
		LogExports: i.EnabledCloudwatchLogsExports,
	}
	if i.DBSubnetGroup != nil {
		for _, s := range i.DBSubnetGroup.Subnets {
			database.Subnets = append(database.Subnets, aws.ToString(s.SubnetIdentifier))
		}
	}
	return database
}

func (c *Collector) databaseSnapshots(ctx context.Context, client *rds.Client) ([]evidence.DBSnapshot, error) {
	if c.target.Database == "" {
		return nil, missing("RDS database", "database")
	}
	all := []evidence.DBSnapshot{}
	// AWS Backup's snapshots are listed only when they are asked for.
	var errs []error
	for _, kind := range []*string{nil, aws.String("awsbackup")} {
		input := &rds.DescribeDBSnapshotsInput{DBInstanceIdentifier: &c.target.Database, SnapshotType: kind, MaxRecords: aws.Int32(100)}
		err := pages(ctx, rds.NewDescribeDBSnapshotsPaginator(client, input), func(page *rds.DescribeDBSnapshotsOutput) {
			for _, s := range page.DBSnapshots {
				snapshot := evidence.DBSnapshot{
					ID: aws.ToString(s.DBSnapshotIdentifier), Type: aws.ToString(s.SnapshotType), Status: aws.ToString(s.Status),
					Created: aws.ToTime(s.SnapshotCreateTime), Encrypted: aws.ToBool(s.Encrypted),
				}
				if !slices.Contains(all, snapshot) {
					all = append(all, snapshot)
				}
			}
		})
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

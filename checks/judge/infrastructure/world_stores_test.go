package infrastructure_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	cachetypes "github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

var background = context.Background()

var allLogs = []ekstypes.LogType{"api", "audit", "authenticator", "controllerManager", "scheduler"}

func (w *world) makeCluster(t *testing.T) {
	ctx, name := t.Context(), &w.target.Cluster
	must[*eks.CreateClusterOutput](t)(w.eks.CreateCluster(ctx, &eks.CreateClusterInput{
		Name: name, Version: aws.String("1.35"), RoleArn: aws.String("arn:aws:iam::123456789012:role/cluster"),
		ResourcesVpcConfig: &ekstypes.VpcConfigRequest{
			SubnetIds: w.private, EndpointPrivateAccess: aws.Bool(true), EndpointPublicAccess: aws.Bool(false),
		},
		Logging: &ekstypes.Logging{ClusterLogging: []ekstypes.LogSetup{{Enabled: aws.Bool(true), Types: allLogs}}},
		EncryptionConfig: []ekstypes.EncryptionConfig{{
			Provider: &ekstypes.Provider{KeyArn: aws.String("arn:aws:kms:us-west-2:123456789012:key/secrets")}, Resources: []string{"secrets"},
		}},
	}))
	must[*eks.CreateNodegroupOutput](t)(w.eks.CreateNodegroup(ctx, &eks.CreateNodegroupInput{
		ClusterName: name, NodegroupName: aws.String("apps"), Subnets: w.private, NodeRole: aws.String("arn:aws:iam::123456789012:role/nodes"),
	}))
}

func (w *world) makeDatabase(t *testing.T) {
	ctx, id := t.Context(), &w.target.Database
	must[*rds.CreateDBSubnetGroupOutput](t)(w.rds.CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: aws.String("data"), DBSubnetGroupDescription: aws.String("data"), SubnetIds: w.data,
	}))
	must[*rds.CreateDBInstanceOutput](t)(w.rds.CreateDBInstance(ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: id, Engine: aws.String("postgres"), EngineVersion: aws.String("16.9"), DBInstanceClass: aws.String("db.r7g.large"),
		AllocatedStorage: aws.Int32(100), AvailabilityZone: aws.String(zone(0)), MultiAZ: aws.Bool(false),
		StorageEncrypted: aws.Bool(true), DeletionProtection: aws.Bool(true), PubliclyAccessible: aws.Bool(false),
		BackupRetentionPeriod: aws.Int32(35), PreferredBackupWindow: aws.String("05:00-05:30"), PreferredMaintenanceWindow: aws.String("sun:02:00-sun:04:00"),
		EnablePerformanceInsights: aws.Bool(true), MonitoringInterval: aws.Int32(30), MonitoringRoleArn: aws.String("arn:aws:iam::123456789012:role/monitoring"),
		EnableCloudwatchLogsExports: []string{"postgresql", "upgrade"}, DBSubnetGroupName: aws.String("data"),
		MasterUsername: aws.String("master"), MasterUserPassword: aws.String("not-a-secret"),
	}))
	must[*rds.CreateDBInstanceReadReplicaOutput](t)(w.rds.CreateDBInstanceReadReplica(ctx, &rds.CreateDBInstanceReadReplicaInput{
		DBInstanceIdentifier: aws.String(*id + "-replica-1"), SourceDBInstanceIdentifier: id, AvailabilityZone: aws.String(zone(1)),
	}))
	w.snapshot(t)
}

func (w *world) snapshot(t *testing.T) {
	must[*rds.CreateDBSnapshotOutput](t)(w.rds.CreateDBSnapshot(background, &rds.CreateDBSnapshotInput{
		DBInstanceIdentifier: &w.target.Database, DBSnapshotIdentifier: aws.String("nightly"),
	}))
}

func (w *world) makeCache(t *testing.T) {
	shards := []cachetypes.NodeGroupConfiguration{}
	for i := range 3 {
		shards = append(shards, cachetypes.NodeGroupConfiguration{
			NodeGroupId: aws.String(fmt.Sprintf("%04d", i+1)), ReplicaCount: aws.Int32(1),
			PrimaryAvailabilityZone: aws.String(zone(0)), ReplicaAvailabilityZones: []string{zone(1)},
		})
	}
	must[*elasticache.CreateReplicationGroupOutput](t)(w.cache.CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &w.target.Cache, ReplicationGroupDescription: aws.String("cache"), Engine: aws.String("redis"), EngineVersion: aws.String("7.1"),
		CacheNodeType: aws.String("cache.r7g.large"), NumNodeGroups: aws.Int32(3), ReplicasPerNodeGroup: aws.Int32(1), NodeGroupConfiguration: shards,
		AutomaticFailoverEnabled: aws.Bool(true), MultiAZEnabled: aws.Bool(true), TransitEncryptionEnabled: aws.Bool(true), AtRestEncryptionEnabled: aws.Bool(true),
		SnapshotRetentionLimit: aws.Int32(14), SnapshotWindow: aws.String("05:30-06:30"), ClusterMode: cachetypes.ClusterModeEnabled,
	}))
	w.cacheSnapshot(t)
}

func (w *world) cacheSnapshot(t *testing.T) {
	must[*elasticache.CreateSnapshotOutput](t)(w.cache.CreateSnapshot(background, &elasticache.CreateSnapshotInput{
		ReplicationGroupId: &w.target.Cache, SnapshotName: aws.String("daily"),
	}))
}

func (w *world) makeFiles(t *testing.T) {
	out := must[*efs.CreateFileSystemOutput](t)(w.efs.CreateFileSystem(t.Context(), &efs.CreateFileSystemInput{CreationToken: aws.String("files"), Encrypted: aws.Bool(true)}))
	w.target.Filesystem = *out.FileSystemId
	for _, subnet := range w.data {
		w.mount(t, subnet)
	}
}

func (w *world) mount(t *testing.T, subnet string) {
	out := must[*efs.CreateMountTargetOutput](t)(w.efs.CreateMountTarget(background, &efs.CreateMountTargetInput{FileSystemId: &w.target.Filesystem, SubnetId: &subnet}))
	w.mountTargets = append(w.mountTargets, *out.MountTargetId)
}

package postgres

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// certificateAuthority signs the instances' TLS certificates; valid until 2061
// (RDS user guide, "Using SSL/TLS to encrypt a connection").
const certificateAuthority = "rds-ca-rsa2048-g1"

// logExports are the logs that RDS for PostgreSQL can send to CloudWatch.
func logExports() []string { return []string{"postgresql", "upgrade"} }

// shared returns what the primary and every replica have in common.
func (b base) shared(identifier string) *rds.InstanceArgs {
	args := b.args
	return &rds.InstanceArgs{
		Identifier:    pulumi.String(identifier),
		EngineVersion: pulumi.String(args.Version.String()),
		// A major upgrade needs tests and a plan; see the runbook.
		AllowMajorVersionUpgrade: pulumi.Bool(false),
		AutoMinorVersionUpgrade:  pulumi.Bool(args.Version.Minor == nil),
		ApplyImmediately:         pulumi.Bool(false),
		MaintenanceWindow:        pulumi.String(args.MaintenanceWindow),

		StorageType:         pulumi.String("gp3"),
		MaxAllocatedStorage: pulumi.Int(args.MaxStorageGiB),
		StorageEncrypted:    pulumi.Bool(true),
		KmsKeyId:            args.DatabaseKey,
		CopyTagsToSnapshot:  pulumi.Bool(true),

		Port:                pulumi.Int(Port),
		NetworkType:         pulumi.String("IPV4"),
		PubliclyAccessible:  pulumi.Bool(false),
		VpcSecurityGroupIds: pulumi.StringArray{b.securityGroup.ID},
		CaCertIdentifier:    pulumi.String(certificateAuthority),

		IamDatabaseAuthenticationEnabled: pulumi.Bool(true),

		PerformanceInsightsEnabled:         pulumi.Bool(true),
		PerformanceInsightsKmsKeyId:        args.DatabaseKey,
		PerformanceInsightsRetentionPeriod: pulumi.Int(args.InsightsRetentionDays),
		MonitoringInterval:                 pulumi.Int(args.MonitoringSeconds),
		MonitoringRoleArn:                  b.monitoringRole.ARN,
		EnabledCloudwatchLogsExports:       pulumi.ToStringArray(logExports()),
	}
}

// newPrimary makes the instance that is written to.
func newPrimary(ctx *pulumi.Context, b base, child pulumi.ResourceOption) (*rds.Instance, error) {
	logs, err := newLogGroups(ctx, b.name, b.args, child)
	if err != nil {
		return nil, err
	}
	args := b.shared(b.name)
	args.Engine = pulumi.String("postgres")
	args.InstanceClass = pulumi.String(b.args.Class)
	args.AllocatedStorage = pulumi.Int(b.args.StorageGiB)
	args.MultiAz = pulumi.Bool(b.args.MultiAZ)
	args.DbName = pulumi.String(b.args.Database)
	args.DbSubnetGroupName = b.subnetGroup.Name
	args.ParameterGroupName = b.parameters.Name

	// RDS makes the password, keeps it in Secrets Manager and rotates it: it
	// never passes through Pulumi.
	args.Username = pulumi.String(masterUser)
	args.ManageMasterUserPassword = pulumi.Bool(true)
	args.MasterUserSecretKmsKeyId = b.args.SecretsKey

	args.BackupRetentionPeriod = pulumi.Int(b.args.BackupRetentionDays)
	args.BackupWindow = pulumi.String(b.args.BackupWindow)
	args.DeleteAutomatedBackups = pulumi.Bool(false)
	args.SkipFinalSnapshot = pulumi.Bool(false)
	args.FinalSnapshotIdentifier = pulumi.String(b.name + "-final")
	args.DeletionProtection = pulumi.Bool(b.args.Protect)
	return rds.NewInstance(ctx, b.name, args, child, pulumi.Protect(b.args.Protect), b.after(logs))
}

// after makes an instance wait for its log groups and for the role that RDS
// checks when an instance is made.
func (b base) after(logs []pulumi.Resource) pulumi.ResourceOption {
	return component.DependsOn(append(logs, b.monitoringRole)...)
}

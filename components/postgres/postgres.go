// Package postgres makes an RDS for PostgreSQL instance, its read replicas and
// what belongs to them alone: subnet and parameter groups, security group, log
// groups and the role of enhanced monitoring.
//
// Not here: the KMS keys (components/keys), the copies in the backup vault
// (components/vault), the pooler before it, and its alarms.
package postgres

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/role"
	"gatehouse/components/securitygroup"
)

// Port is where PostgreSQL answers.
const Port = 5432

// masterUser owns the database. Nobody uses it but migrations and an operator
// in need: applications authenticate by IAM.
const masterUser = "gatehouse_admin"

// Args describes the database.
type Args struct {
	// VPCID and Subnets are where it stands: isolated subnets, one a zone.
	VPCID   pulumi.StringInput
	Subnets pulumi.StringArrayInput
	// Clients are the security groups that may connect, by name.
	Clients map[string]pulumi.StringInput

	// Version is PostgreSQL's version. A major alone ("16") lets RDS apply
	// minor versions in the maintenance window; a minor ("16.9") pins it, and
	// then nobody but the configuration moves it: the two would undo each other.
	Version Version
	// Class is the RDS class of the primary, ReplicaClass that of the replicas.
	Class, ReplicaClass string
	// StorageGiB is the first size of the gp3 volume, MaxStorageGiB where
	// autoscaling stops.
	StorageGiB, MaxStorageGiB int
	// MultiAZ keeps a synchronous standby in another zone.
	MultiAZ bool
	// Replicas is the number of asynchronous read replicas.
	Replicas int
	// Database is the name of the first database.
	Database string
	// BackupRetentionDays is how far point-in-time recovery reaches back.
	BackupRetentionDays int
	// BackupWindow is hh:mm-hh:mm and MaintenanceWindow ddd:hh:mm-ddd:hh:mm,
	// both UTC.
	BackupWindow, MaintenanceWindow string
	// SlowQueryMillis is the duration from which a statement is logged.
	SlowQueryMillis int
	// LogRetentionDays is how long exported logs are kept.
	LogRetentionDays int
	// InsightsRetentionDays is 7, or a multiple of 31 up to 713, or 731.
	InsightsRetentionDays int
	// MonitoringSeconds is the interval of enhanced monitoring: 1, 5, 10, 15,
	// 30 or 60.
	MonitoringSeconds int

	// DatabaseKey, SecretsKey and LogsKey are ARNs of KMS keys: for storage
	// and Performance Insights, the master password, and the logs.
	DatabaseKey, SecretsKey, LogsKey pulumi.StringInput
	// Partition, Region and AccountID say whose RDS may assume the monitoring role.
	Partition, Region, AccountID string
	// Protect refuses deletion, in Pulumi and in RDS.
	Protect bool
}

// Postgres is the database with its replicas.
type Postgres struct {
	pulumi.ResourceState
	component.Parts

	Identifier pulumi.StringOutput `pulumi:"identifier"`
	// ResourceID is the immutable identifier that IAM authentication names.
	ResourceID pulumi.StringOutput `pulumi:"resourceId"`
	ARN        pulumi.StringOutput `pulumi:"arn"`
	// Endpoint is host:port of the primary, Readers those of the replicas.
	Endpoint pulumi.StringOutput      `pulumi:"endpoint"`
	Readers  pulumi.StringArrayOutput `pulumi:"readers"`
	// MasterSecretARN is the secret that RDS makes and rotates.
	MasterSecretARN pulumi.StringOutput `pulumi:"masterSecretArn"`
	// SubnetGroup is the name of the subnet group, for restores.
	SubnetGroup pulumi.StringOutput `pulumi:"subnetGroup"`
}

// base is what the primary and every replica need.
type base struct {
	args            Args
	name            string
	subnetGroup     *rds.SubnetGroup
	securityGroup   *securitygroup.SecurityGroup
	monitoringRole  *role.Role
	parameters      *rds.ParameterGroup
	standbySettings *rds.ParameterGroup
}

// New makes the database. Its identifier in RDS is name.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Postgres, error) {
	p := &Postgres{}
	return p, component.Register(ctx, "gatehouse:aws:Postgres", name, p, func(child pulumi.ResourceOption) error {
		b, err := newBase(ctx, name, args, child)
		if err != nil {
			return err
		}
		primary, err := newPrimary(ctx, b, child)
		if err != nil {
			return err
		}
		readers, err := newReplicas(ctx, b, primary, child)
		if err != nil {
			return err
		}
		p.Identifier, p.ResourceID, p.ARN = primary.Identifier, primary.ResourceId, primary.Arn
		p.Endpoint, p.Readers = primary.Endpoint, readers
		p.MasterSecretARN = primary.MasterUserSecrets.Index(pulumi.Int(0)).SecretArn().Elem()
		p.SubnetGroup = b.subnetGroup.Name
		return nil
	}, opts...)
}

func newBase(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (b base, err error) {
	b = base{args: args, name: name}
	b.subnetGroup, err = rds.NewSubnetGroup(ctx, name+"-subnets", &rds.SubnetGroupArgs{
		Description: pulumi.String("isolated data subnets"),
		SubnetIds:   args.Subnets,
	}, child)
	if err != nil {
		return b, err
	}
	b.securityGroup, err = securitygroup.New(ctx, name+"-access", securitygroup.Args{
		VPCID: args.VPCID, Description: "PostgreSQL, from the workloads alone", Port: Port, Sources: args.Clients,
	}, child)
	if err != nil {
		return b, err
	}
	b.monitoringRole, err = newMonitoringRole(ctx, name, args, child)
	if err != nil {
		return b, err
	}
	b.parameters, err = newParameterGroup(ctx, name, args.Version, primaryParameters(args), child)
	if err != nil {
		return b, err
	}
	if args.Replicas > 0 {
		b.standbySettings, err = newParameterGroup(ctx, name+"-replica", args.Version, replicaParameters(args), child)
	}
	return b, err
}

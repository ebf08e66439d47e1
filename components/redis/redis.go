// Package redis makes an ElastiCache for Redis OSS replication group in
// cluster mode, its users and what belongs to it alone: subnet and parameter
// groups, security group and log groups.
//
// Of the readiness guide's Redis settings, the node type gives the 4 GB and
// the parameter group `allkeys-lru`. Append-only files are not to be had in
// ElastiCache 7: replicas in other zones stand for `appendonly`, and daily
// snapshots for `save`. Sentinel's part is ElastiCache's automatic failover.
//
// Not here: the KMS keys (components/keys) and the roles that may connect
// (components/identity).
package redis

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/securitygroup"
)

// Port is where Redis answers, with TLS only.
const Port = 6379

// idLimit is the longest ID of a replication group, user or user group.
const idLimit = 40

// Args describes the cache.
type Args struct {
	// VPCID and Subnets are where it stands: isolated subnets, one a zone.
	VPCID   pulumi.StringInput
	Subnets pulumi.StringArrayInput
	// Clients are the security groups that may connect, by name.
	Clients map[string]pulumi.StringInput

	// Version is the version of Redis OSS, major.minor; 7 or newer, since
	// IAM authentication needs it.
	Version string
	// Major is the major version, which names the parameter group's family.
	Major int
	// NodeType is the ElastiCache node type.
	NodeType string
	// Shards is the number of shards, ReplicasPerShard that of the replicas of
	// each. With replicas, ElastiCache spreads a shard over zones.
	Shards, ReplicasPerShard int
	// SnapshotRetentionDays is how long daily snapshots are kept.
	SnapshotRetentionDays int
	// SnapshotWindow is hh:mm-hh:mm and MaintenanceWindow ddd:hh:mm-ddd:hh:mm,
	// both UTC.
	SnapshotWindow, MaintenanceWindow string
	// LogRetentionDays is how long slow and engine logs are kept.
	LogRetentionDays int
	// Users are the applications and what each may do.
	Users []User

	// CacheKey encrypts data at rest and LogsKey the logs: ARNs of KMS keys.
	CacheKey, LogsKey pulumi.StringInput
	// Protect refuses deletion in Pulumi.
	Protect bool
}

// Redis is the replication group.
type Redis struct {
	pulumi.ResourceState
	component.Parts

	// Endpoint is the configuration endpoint, host:port.
	Endpoint pulumi.StringOutput `pulumi:"endpoint"`
	ARN      pulumi.StringOutput `pulumi:"arn"`
	// UserARNs are the users' ARNs by application name.
	UserARNs map[string]pulumi.StringOutput
}

// New makes the cache. Its ID in ElastiCache is name, cut to 40 characters.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Redis, error) {
	r := &Redis{}
	return r, component.Register(ctx, "gatehouse:aws:Redis", name, r, func(child pulumi.ResourceOption) error {
		access, err := newAccess(ctx, name, args, child)
		if err != nil {
			return err
		}
		group, err := newReplicationGroup(ctx, name, args, access.groupID, child)
		if err != nil {
			return err
		}
		r.ARN, r.UserARNs = group.Arn, access.userARNs
		r.Endpoint = pulumi.Sprintf("%s:%d", group.ConfigurationEndpointAddress, Port)
		return nil
	}, opts...)
}

func newReplicationGroup(ctx *pulumi.Context, name string, args Args, userGroup pulumi.StringOutput, child pulumi.ResourceOption) (*elasticache.ReplicationGroup, error) {
	subnets, err := elasticache.NewSubnetGroup(ctx, name+"-subnets", &elasticache.SubnetGroupArgs{
		Description: pulumi.String("isolated data subnets"),
		SubnetIds:   args.Subnets,
	}, child)
	if err != nil {
		return nil, err
	}
	firewall, err := securitygroup.New(ctx, name+"-access", securitygroup.Args{
		VPCID: args.VPCID, Description: "Redis, from the workloads alone", Port: Port, Sources: args.Clients,
	}, child)
	if err != nil {
		return nil, err
	}
	parameters, err := newParameterGroup(ctx, name, args.Major, child)
	if err != nil {
		return nil, err
	}
	logs, err := newLogs(ctx, name, args, child)
	if err != nil {
		return nil, err
	}
	return elasticache.NewReplicationGroup(ctx, name, &elasticache.ReplicationGroupArgs{
		ReplicationGroupId: pulumi.String(component.Name(idLimit, name)),
		Description:        pulumi.String("sessions and caches of the developer portal"),
		Engine:             pulumi.String("redis"),
		EngineVersion:      pulumi.String(args.Version),
		NodeType:           pulumi.String(args.NodeType),
		ParameterGroupName: parameters.Name,
		Port:               pulumi.Int(Port),

		ClusterMode:          pulumi.String("enabled"),
		NumNodeGroups:        pulumi.Int(args.Shards),
		ReplicasPerNodeGroup: pulumi.Int(args.ReplicasPerShard),
		// Cluster mode demands it, even where there is no replica to fail over to.
		AutomaticFailoverEnabled: pulumi.Bool(true),
		MultiAzEnabled:           pulumi.Bool(args.ReplicasPerShard > 0),

		SubnetGroupName:  subnets.Name,
		SecurityGroupIds: pulumi.StringArray{firewall.ID},
		NetworkType:      pulumi.String("ipv4"),

		AtRestEncryptionEnabled:  pulumi.Bool(true),
		KmsKeyId:                 args.CacheKey,
		TransitEncryptionEnabled: pulumi.Bool(true),
		TransitEncryptionMode:    pulumi.String("required"),
		// Users from the first day: going from a password to users later
		// replaces the cluster.
		UserGroupIds: pulumi.StringArray{userGroup},

		AutoMinorVersionUpgrade: pulumi.Bool(true),
		ApplyImmediately:        pulumi.Bool(false),
		MaintenanceWindow:       pulumi.String(args.MaintenanceWindow),
		SnapshotRetentionLimit:  pulumi.Int(args.SnapshotRetentionDays),
		SnapshotWindow:          pulumi.String(args.SnapshotWindow),
		FinalSnapshotIdentifier: pulumi.String(component.Name(idLimit, name, "final")),

		LogDeliveryConfigurations: logs,
	}, child, pulumi.Protect(args.Protect))
}

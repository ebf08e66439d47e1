package postgres

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newReplicas makes the read replicas and returns their endpoints, host:port.
//
// A replica holds no data of its own, so it is neither backed up nor
// protected: taking one away is an ordinary change. RDS asks that replicas
// receive a minor version before their source; where the configuration pins
// the minor, bring up the replicas first (`pulumi up --target`). RDS itself
// keeps that order when it upgrades automatically, and takes replicas along in
// a major upgrade (RDS user guide, "Upgrades of the RDS for PostgreSQL DB
// engine").
func newReplicas(ctx *pulumi.Context, b base, primary *rds.Instance, child pulumi.ResourceOption) (pulumi.StringArrayOutput, error) {
	endpoints := pulumi.StringArray{}
	for number := 1; number <= b.args.Replicas; number++ {
		// The number is the replica's identity: the highest goes first.
		replica, err := newReplica(ctx, b, fmt.Sprintf("%s-replica-%d", b.name, number), primary, child)
		if err != nil {
			return pulumi.StringArrayOutput{}, err
		}
		endpoints = append(endpoints, replica.Endpoint)
	}
	return endpoints.ToStringArrayOutput(), nil
}

func newReplica(ctx *pulumi.Context, b base, name string, primary *rds.Instance, child pulumi.ResourceOption) (*rds.Instance, error) {
	logs, err := newLogGroups(ctx, name, b.args, child)
	if err != nil {
		return nil, err
	}
	// Engine, size, subnet group and master user come from the source; RDS
	// refuses some of them on a replica of the same region.
	args := b.shared(name)
	args.ReplicateSourceDb = primary.Identifier
	args.InstanceClass = pulumi.String(b.args.ReplicaClass)
	args.ParameterGroupName = b.standbySettings.Name
	args.MultiAz = pulumi.Bool(false)
	args.BackupRetentionPeriod = pulumi.Int(0)
	args.SkipFinalSnapshot = pulumi.Bool(true)
	args.DeletionProtection = pulumi.Bool(false)
	return rds.NewInstance(ctx, name, args, child, b.after(logs))
}

package postgres

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

// newLogGroups makes the log groups of one instance before the instance: RDS
// would make them itself, without a key and kept for ever.
func newLogGroups(ctx *pulumi.Context, identifier string, args Args, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	var groups []pulumi.Resource
	for _, export := range logExports() {
		group, err := cloudwatch.NewLogGroup(ctx, identifier+"-"+export, &cloudwatch.LogGroupArgs{
			Name:            pulumi.Sprintf("/aws/rds/instance/%s/%s", identifier, export),
			RetentionInDays: pulumi.Int(args.LogRetentionDays),
			KmsKeyId:        args.LogsKey,
		}, child)
		if err != nil {
			return nil, err
		}
		groups = append(groups, group)
	}
	return groups, nil
}

// newMonitoringRole makes the role that enhanced monitoring writes with, for
// the instances of this database alone (RDS user guide, "Setting up Enhanced
// Monitoring": the confused deputy).
func newMonitoringRole(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (*role.Role, error) {
	trust := role.ServiceTrust("monitoring.rds.amazonaws.com", args.AccountID)
	trust.Conditions = append(trust.Conditions, iampolicy.When("ArnLike", "aws:SourceArn",
		fmt.Sprintf("arn:%s:rds:%s:%s:db:%s*", args.Partition, args.Region, args.AccountID, name)))
	return role.New(ctx, name+"-monitoring", role.Args{
		Description: "RDS enhanced monitoring of " + name,
		Partition:   args.Partition,
		Trust:       []iampolicy.Statement{trust},
		Managed:     []string{"service-role/AmazonRDSEnhancedMonitoringRole"},
	}, child)
}

package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

// flowLogs records accepted and refused connections of the whole VPC.
func (b *builder) flowLogs() error {
	name, tags := b.named("flow-logs")
	group, err := cloudwatch.NewLogGroup(b.ctx, name, &cloudwatch.LogGroupArgs{
		Name:            pulumi.String("/aws/vpc/" + name),
		RetentionInDays: pulumi.Int(b.args.FlowLogRetentionDays),
		KmsKeyId:        b.args.LogsKeyARN.ToStringOutput().ToStringPtrOutput(),
	}, b.child)
	if err != nil {
		return err
	}
	writer, err := b.flowLogRole(name, group.Arn)
	if err != nil {
		return err
	}
	_, err = ec2.NewFlowLog(b.ctx, name, &ec2.FlowLogArgs{
		VpcId:              b.vpc.ID(),
		TrafficType:        pulumi.String("ALL"),
		LogDestinationType: pulumi.String("cloud-watch-logs"),
		LogDestination:     group.Arn,
		IamRoleArn:         writer.ARN,
		Tags:               tags,
	}, b.child, component.DependsOn(writer))
	return err
}

// flowLogRole may write into the one log group ("IAM role for publishing flow
// logs to CloudWatch Logs").
func (b *builder) flowLogRole(name string, groupARN pulumi.StringOutput) (*role.Role, error) {
	trust := role.ServiceTrust("vpc-flow-logs.amazonaws.com", b.args.AccountID)
	trust.Conditions = append(trust.Conditions, iampolicy.When("ArnLike", "aws:SourceArn",
		fmt.Sprintf("arn:%s:ec2:%s:%s:vpc-flow-log/*", b.args.Partition, b.args.Region, b.args.AccountID)))
	return role.New(b.ctx, name, role.Args{
		Description: "VPC flow logs write to CloudWatch Logs",
		Partition:   b.args.Partition,
		Trust:       []iampolicy.Statement{trust},
		Statements: []iampolicy.Statement{{
			ID: "Write", Effect: iampolicy.Allow,
			Actions:   []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
			Resources: []pulumi.StringInput{groupARN, pulumi.Sprintf("%s:*", groupARN)},
		}, {
			ID: "Find", Effect: iampolicy.Allow, Actions: []string{"logs:DescribeLogGroups"},
			Resources: iampolicy.Strings(fmt.Sprintf("arn:%s:logs:%s:%s:log-group:*", b.args.Partition, b.args.Region, b.args.AccountID)),
		}},
	}, b.child)
}

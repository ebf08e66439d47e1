package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
)

// newFirewallLog sends every judged request to a log group, without the
// headers that carry credentials.
func newFirewallLog(ctx *pulumi.Context, name string, args Args, acl *wafv2.WebAcl, options []pulumi.ResourceOption) error {
	group, err := cloudwatch.NewLogGroup(ctx, name+"-firewall", &cloudwatch.LogGroupArgs{
		// WAF accepts only names that begin so.
		Name:            pulumi.String("aws-waf-logs-" + name),
		RetentionInDays: pulumi.Int(args.LogRetentionDays),
		KmsKeyId:        args.LogsKey,
	}, options...)
	if err != nil {
		return err
	}
	policy, err := deliveryPolicy(group, args).JSON()
	if err != nil {
		return err
	}
	permission, err := cloudwatch.NewLogResourcePolicy(ctx, name+"-firewall", &cloudwatch.LogResourcePolicyArgs{
		PolicyName: pulumi.String(name + "-firewall"), PolicyDocument: policy,
	}, options...)
	if err != nil {
		return err
	}
	redacted := wafv2.WebAclLoggingConfigurationRedactedFieldArray{}
	for _, header := range []string{"authorization", "cookie"} {
		redacted = append(redacted, wafv2.WebAclLoggingConfigurationRedactedFieldArgs{
			SingleHeader: wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs{Name: pulumi.String(header)},
		})
	}
	_, err = wafv2.NewWebAclLoggingConfiguration(ctx, name+"-firewall", &wafv2.WebAclLoggingConfigurationArgs{
		ResourceArn:           acl.Arn,
		LogDestinationConfigs: pulumi.StringArray{group.Arn},
		RedactedFields:        redacted,
	}, append(options, component.DependsOn(permission))...)
	return err
}

// deliveryPolicy lets AWS's log delivery write this group for this account
// (CloudWatch Logs user guide, "Logging that requires additional
// permissions"). Without it WAF writes a wider one itself.
func deliveryPolicy(group *cloudwatch.LogGroup, args Args) iampolicy.Document {
	source := pulumi.Sprintf("arn:%s:logs:us-east-1:%s:*", args.Partition, args.AccountID)
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{{
		ID: "LogDelivery", Effect: iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.AWSService("delivery.logs.amazonaws.com")},
		Actions:    []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources:  []pulumi.StringInput{pulumi.Sprintf("%s:log-stream:*", group.Arn)},
		Conditions: []iampolicy.Condition{
			iampolicy.Is("aws:SourceAccount", args.AccountID),
			{Test: "ArnLike", Variable: pulumi.String("aws:SourceArn"), Values: []pulumi.StringInput{source}},
		},
	}}}
}

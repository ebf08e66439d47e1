package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
)

type logsc = api.Client

// logsRows are log groups and, in state only, alarms and event rules.
func logsRows() []Resource {
	return []Resource{
		{
			Token: "aws:cloudwatch/logGroup:LogGroup", Args: cloudwatch.LogGroupArgs{}, State: cloudwatch.LogGroup{}, ARN: "logs:log-group:",
			Name: "name", NameMax: 512, Replace: []string{"name", "namePrefix", "logGroupClass"},
			Rename: map[string]string{"name": "LogGroupName", "arn": "-"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only", "skipDestroy": "it is an order, not a property", "logGroupClass": "the emulator ignores it", "kmsKeyId": "the emulator can not change it"},
			Tag:    tagger((*logsc).TagResource, (*logsc).UntagResource, "ResourceArn", byARN),
			Create: then(create((*logsc).CreateLogGroup, ""), keepLogs),
			Read:   merged(readLogGroup, listTags((*logsc).ListTagsForResource, "ResourceArn", byARN)),
			Update: keepLogs,
			Delete: remove((*logsc).DeleteLogGroup, "LogGroupName"),
		},
		{
			Token: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", Args: cloudwatch.LogResourcePolicyArgs{}, State: cloudwatch.LogResourcePolicy{},
			Name: "policyName", Replace: []string{"policyName"},
			Create: create((*logsc).PutResourcePolicy, ""), Update: again(create((*logsc).PutResourcePolicy, "")),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*logsc).DescribeResourcePolicies, &api.DescribeResourcePoliciesInput{})
				if err != nil {
					return nil, err
				}
				for _, p := range out.ResourcePolicies {
					if aws.ToString(p.PolicyName) == r.id {
						return r.see(p), nil
					}
				}
				return nil, errGone
			},
			Delete: remove((*logsc).DeleteResourcePolicy, "PolicyName"),
		},
		{
			Token: "aws:cloudwatch/metricAlarm:MetricAlarm", Args: cloudwatch.MetricAlarmArgs{}, State: cloudwatch.MetricAlarm{},
			Simulated: true, ARN: "cloudwatch:alarm:", Name: "name", NameMax: 255, Replace: []string{"name"},
		},
		{
			Token: "aws:cloudwatch/eventRule:EventRule", Args: cloudwatch.EventRuleArgs{}, State: cloudwatch.EventRule{},
			Simulated: true, ARN: "events:rule/", Name: "name", Replace: []string{"name", "namePrefix", "eventBusName"},
		},
		{
			Token: "aws:cloudwatch/eventTarget:EventTarget", Args: cloudwatch.EventTargetArgs{}, State: cloudwatch.EventTarget{},
			Simulated: true, Name: "targetId", Replace: []string{"rule", "targetId", "eventBusName"},
		},
	}
}

func readLogGroup(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*logsc).DescribeLogGroups, &api.DescribeLogGroupsInput{LogGroupNamePrefix: &r.id})
	if err != nil {
		return nil, err
	}
	for _, g := range out.LogGroups {
		if aws.ToString(g.LogGroupName) == r.id {
			return r.see(g, props{"arn": strings.TrimSuffix(aws.ToString(g.Arn), ":*")}), nil
		}
	}
	return nil, errGone
}

// keepLogs sets how long a log group keeps its events; 0 means for ever.
func keepLogs(ctx context.Context, r *request) error {
	if !r.changed("retentionInDays") {
		return nil
	}
	days := r.num("retentionInDays")
	if days == 0 {
		_, err := call(ctx, r, (*logsc).DeleteRetentionPolicy, &api.DeleteRetentionPolicyInput{LogGroupName: &r.id})
		return err
	}
	_, err := call(ctx, r, (*logsc).PutRetentionPolicy, &api.PutRetentionPolicyInput{LogGroupName: &r.id, RetentionInDays: &days})
	return err
}

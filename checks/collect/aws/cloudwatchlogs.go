package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"gatehouse/checks/evidence"
)

func readerOfLogGroups(d data) evidence.Reader {
	return evidence.Read(evidence.AWSLogGroups, d.statement("logs:DescribeLogGroups", "the environment's groups, and in us-east-1"),
		func(ctx context.Context) ([]evidence.LogGroup, error) { return d.groups.get(ctx, d.logGroups) })
}

func (d data) logGroups(ctx context.Context) ([]evidence.LogGroup, error) {
	regions := []string{d.target.Region}
	if global := d.global().Region; global != d.target.Region {
		regions = append(regions, global)
	}
	var found []evidence.LogGroup
	parts, err := each(ctx, regions, d.logGroupsIn)
	for _, part := range parts {
		found = append(found, part...)
	}
	return found, err
}

func (d data) logGroupsIn(ctx context.Context, region string) ([]evidence.LogGroup, error) {
	config := d.config.Copy()
	config.Region = region
	var found []evidence.LogGroup
	list := cloudwatchlogs.NewDescribeLogGroupsPaginator(cloudwatchlogs.NewFromConfig(config), &cloudwatchlogs.DescribeLogGroupsInput{})
	err := pages(ctx, list, func(page *cloudwatchlogs.DescribeLogGroupsOutput) {
		for _, g := range page.LogGroups {
			// Names begin with the service, e.g. /aws/rds/instance/…
			if name := aws.ToString(g.LogGroupName); strings.Contains(name, d.target.Prefix) {
				found = append(found, evidence.LogGroup{
					Name: name, Region: region, Days: aws.ToInt32(g.RetentionInDays), Key: aws.ToString(g.KmsKeyId),
				})
			}
		}
	})
	return found, err
}

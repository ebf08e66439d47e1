package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"gatehouse/checks/evidence"
)

func readerOfTrails(c *Collector) evidence.Reader {
	return evidence.Read(evidence.AWSTrails,
		c.statement("cloudtrail:DescribeTrails, cloudtrail:GetTrailStatus, cloudtrail:GetEventSelectors", ""), c.trails)
}

func (c *Collector) trails(ctx context.Context) ([]evidence.Trail, error) {
	client := cloudtrail.NewFromConfig(c.config)
	// With the shadows of trails of other regions that record this one.
	listed, err := client.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)})
	if err != nil {
		return nil, err
	}
	return each(ctx, listed.TrailList, func(ctx context.Context, t types.Trail) (evidence.Trail, error) {
		return c.trail(ctx, t)
	})
}

func (c *Collector) trail(ctx context.Context, t types.Trail) (evidence.Trail, error) {
	config := c.config.Copy()
	if home := aws.ToString(t.HomeRegion); home != "" {
		config.Region = home // a shadow does not know its selectors
	}
	client := cloudtrail.NewFromConfig(config)
	status, err := client.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: t.TrailARN})
	selectors, wrong := client.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: t.TrailARN})
	if err := errors.Join(err, wrong); err != nil {
		return evidence.Trail{}, err
	}
	out := evidence.Trail{
		Name: aws.ToString(t.Name), ARN: aws.ToString(t.TrailARN), Bucket: aws.ToString(t.S3BucketName),
		MultiRegion: aws.ToBool(t.IsMultiRegionTrail), Global: aws.ToBool(t.IncludeGlobalServiceEvents),
		Validated: aws.ToBool(t.LogFileValidationEnabled), Encrypted: aws.ToString(t.KmsKeyId) != "",
		Logging: aws.ToBool(status.IsLogging), Delivered: aws.ToTime(status.LatestDeliveryTime),
		DeliveryError: aws.ToString(status.LatestDeliveryError),
	}
	out.Management, out.Objects = recorded(selectors)
	return out, nil
}

// recorded says which events selectors take in. A trail has selectors of one
// kind or of the other.
func recorded(s *cloudtrail.GetEventSelectorsOutput) (management string, objects bool) {
	management = "None"
	for _, simple := range s.EventSelectors {
		// The SDK leaves out what is at its default: true.
		if simple.IncludeManagementEvents == nil || *simple.IncludeManagementEvents {
			management = string(simple.ReadWriteType)
			if len(simple.ExcludeManagementEventSources) > 0 {
				management = "Some"
			}
		}
		objects = objects || len(simple.DataResources) > 0
	}
	for _, advanced := range s.AdvancedEventSelectors {
		is := func(field, value string) bool {
			return slices.ContainsFunc(advanced.FieldSelectors, func(f types.AdvancedFieldSelector) bool {
				return aws.ToString(f.Field) == field && slices.Contains(f.Equals, value)
			})
		}
		switch {
		case is("eventCategory", "Management") && len(advanced.FieldSelectors) == 1:
			management = "All"
		case is("eventCategory", "Management") && management == "None":
			management = "Some"
		case is("eventCategory", "Data") && is("resources.type", "AWS::S3::Object"):
			objects = true
		}
	}
	return management, objects
}

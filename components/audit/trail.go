package audit

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type (
	selectors = cloudtrail.TrailAdvancedEventSelectorArray
	fields    = cloudtrail.TrailAdvancedEventSelectorFieldSelectorArray
	field     = cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs
)

// trail records who did what in every region, with files that show when they
// were changed.
func trail(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (pulumi.StringOutput, error) {
	made, err := cloudtrail.NewTrail(ctx, name+"-trail", &cloudtrail.TrailArgs{
		Name:                       pulumi.String(args.TrailName),
		S3BucketName:               args.Bucket,
		KmsKeyId:                   args.TrailKeyARN.ToStringOutput().ToStringPtrOutput(),
		EnableLogFileValidation:    pulumi.Bool(true),
		EnableLogging:              pulumi.Bool(true),
		IncludeGlobalServiceEvents: pulumi.Bool(true),
		IsMultiRegionTrail:         pulumi.Bool(true),
		AdvancedEventSelectors:     events(args),
	}, child, pulumi.Protect(args.Protect))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return made.Arn, nil
}

// events are all management events, every use of the data buckets' objects,
// and what others than the trail do to the audit bucket's: the trail's own
// writing would have itself recorded without end.
func events(args Args) selectors {
	found := selectors{
		selector("management", equals("eventCategory", "Management")),
		objects("audit", args.AuditBucketARN, field{
			Field: pulumi.String("eventName"), NotEquals: pulumi.ToStringArray([]string{"PutObject"}),
		}),
	}
	for _, name := range slices.Sorted(maps.Keys(args.DataBucketARNs)) {
		found = append(found, objects(name, args.DataBucketARNs[name]))
	}
	return found
}

func objects(name string, bucketARN pulumi.StringInput, more ...field) cloudtrail.TrailAdvancedEventSelectorArgs {
	return selector(fmt.Sprintf("objects of %s", name), append([]field{
		equals("eventCategory", "Data"),
		equals("resources.type", "AWS::S3::Object"),
		{Field: pulumi.String("resources.ARN"), StartsWiths: pulumi.StringArray{pulumi.Sprintf("%s/", bucketARN)}},
	}, more...)...)
}

func selector(name string, conditions ...field) cloudtrail.TrailAdvancedEventSelectorArgs {
	list := fields{}
	for _, c := range conditions {
		list = append(list, c)
	}
	return cloudtrail.TrailAdvancedEventSelectorArgs{Name: pulumi.String(name), FieldSelectors: list}
}

func equals(name, value string) field {
	return field{Field: pulumi.String(name), Equals: pulumi.ToStringArray([]string{value})}
}

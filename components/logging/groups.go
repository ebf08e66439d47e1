package logging

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// GroupsArgs describes the log groups.
type GroupsArgs struct {
	// Prefix begins the groups' names, e.g. "/gatehouse/staging/"; the class
	// follows.
	Prefix string
	// Retention is how long each class is kept.
	Retention Retention
	// KeyARN is the KMS key of the logs.
	KeyARN pulumi.StringInput
	// Protect refuses to delete the audit group in Pulumi.
	Protect bool
}

// Groups are the log groups in CloudWatch Logs, one a class.
type Groups struct {
	pulumi.ResourceState
	component.Parts
}

// NewGroups makes the groups beforehand, with their key and retention:
// Fluent Bit's role may write to them and may make none.
func NewGroups(ctx *pulumi.Context, name string, args GroupsArgs, opts ...pulumi.ResourceOption) (*Groups, error) {
	g := &Groups{}
	return g, component.Register(ctx, "gatehouse:aws:LogGroups", name, g, func(child pulumi.ResourceOption) error {
		if err := args.Retention.check(); err != nil {
			return err
		}
		for _, class := range Classes() {
			_, err := cloudwatch.NewLogGroup(ctx, name+"-"+string(class), &cloudwatch.LogGroupArgs{
				Name:            pulumi.String(args.Prefix + string(class)),
				RetentionInDays: pulumi.Int(args.Retention.of(class)),
				KmsKeyId:        args.KeyARN.ToStringOutput().ToStringPtrOutput(),
			}, child, pulumi.Protect(args.Protect && class == Audit))
			if err != nil {
				return fmt.Errorf("make the log group of %s: %w", class, err)
			}
		}
		return nil
	}, opts...)
}

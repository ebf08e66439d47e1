// Package audit makes what watches a whole AWS account: CloudTrail, GuardDuty,
// encrypted disks by default and the budget. One environment of an account
// has it.
//
// The audit bucket and the keys are made elsewhere; what each environment logs
// for itself (flow logs, access logs) is with the thing that logs.
package audit

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args describes what to watch.
type Args struct {
	// TrailName is the physical name of the trail; the audit bucket's policy
	// lets in this one only.
	TrailName string
	// Bucket is where the trail writes, TrailKeyARN what encrypts it.
	Bucket, TrailKeyARN pulumi.StringInput
	// AuditBucketARN and DataBucketARNs are the buckets whose objects' events
	// are recorded, the latter by a name of their own.
	AuditBucketARN pulumi.StringInput
	DataBucketARNs map[string]pulumi.StringInput
	// VolumesKeyARN encrypts the disks that name no key.
	VolumesKeyARN pulumi.StringInput
	// Budget is the monthly budget; nil for none.
	Budget *Budget
	// Protect keeps Pulumi from deleting the trail and the detector.
	Protect bool
}

// Audit is what watches an account.
type Audit struct {
	pulumi.ResourceState
	component.Parts

	TrailARN   pulumi.StringOutput `pulumi:"trailArn"`
	DetectorID pulumi.StringOutput `pulumi:"detectorId"`
}

// New makes the audit of an account.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Audit, error) {
	a := &Audit{}
	err := component.Register(ctx, "gatehouse:aws:Audit", name, a, func(child pulumi.ResourceOption) (err error) {
		if a.TrailARN, err = trail(ctx, name, args, child); err != nil {
			return fmt.Errorf("trail: %w", err)
		}
		if a.DetectorID, err = detector(ctx, name, args.Protect, child); err != nil {
			return fmt.Errorf("threat detection: %w", err)
		}
		if err := encryptedDisks(ctx, name, args, child); err != nil {
			return fmt.Errorf("encrypted disks: %w", err)
		}
		if args.Budget == nil {
			return nil
		}
		return args.Budget.register(ctx, name, child)
	}, opts...)
	return a, err
}

// encryptedDisks encrypts every new EBS volume of the region, with our key
// where nobody names another.
func encryptedDisks(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	_, err := ebs.NewEncryptionByDefault(ctx, name+"-disks", &ebs.EncryptionByDefaultArgs{Enabled: pulumi.Bool(true)}, child)
	if err != nil {
		return err
	}
	_, err = ebs.NewDefaultKmsKey(ctx, name+"-disks", &ebs.DefaultKmsKeyArgs{KeyArn: args.VolumesKeyARN}, child)
	return err
}

// Package bucket makes one closed S3 bucket: versioned, encrypted, TLS only,
// public access blocked, logged and with a lifecycle.
//
// Which buckets an environment has, and who delivers into them, is decided by
// the foundation layer; the statements for deliveries are in delivery.go.
package bucket

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args describes a bucket.
type Args struct {
	// Partition and AccountID are whose bucket this is; no other account's
	// principals get in.
	Partition, AccountID string
	// KeyARN is the KMS key; nil encrypts with SSE-S3, which is all that S3's
	// own access logs can be delivered to ("Enabling Amazon S3 server access
	// logging").
	KeyARN pulumi.StringInput
	// Logs is the name of the bucket that access logs go to; nil for that
	// bucket itself.
	Logs pulumi.StringInput
	// ACLs lets writers from outside the account deliver with access control
	// lists, which CloudFront's standard logging needs.
	ACLs bool
	// Deliveries are the AWS services that write into the bucket.
	Deliveries []Delivery
	// Lifecycle says how long objects are kept.
	Lifecycle Lifecycle
	// Lock keeps every object from being deleted; nil for none. It can be
	// decided at creation only.
	Lock *Lock
	// Classification is the data-classification tag, "" for the provider's.
	Classification string
	// Protect keeps Pulumi from deleting the bucket. An unprotected bucket is
	// emptied and deleted with its environment.
	Protect bool
}

// Lock is S3 Object Lock's default retention.
type Lock struct {
	// Mode is GOVERNANCE or COMPLIANCE.
	Mode string
	// Days is how long an object cannot be deleted.
	Days int
}

// Bucket is an S3 bucket.
type Bucket struct {
	pulumi.ResourceState
	component.Parts

	// Name is known once the bucket's policy is in place, so that whoever is
	// given the name finds a bucket that is already closed.
	Name pulumi.StringOutput `pulumi:"name"`
	// ARN is the bucket's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
	// Domain is the regional domain name.
	Domain pulumi.StringOutput `pulumi:"domain"`
}

// New makes a bucket whose physical name begins with name.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Bucket, error) {
	b := &Bucket{}
	err := component.Register(ctx, "gatehouse:aws:Bucket", name, b, func(child pulumi.ResourceOption) error {
		bucket, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
			ForceDestroy:      pulumi.Bool(!args.Protect),
			ObjectLockEnabled: pulumi.Bool(args.Lock != nil),
			Tags:              tags(name, args.Classification),
		}, child, pulumi.Protect(args.Protect))
		if err != nil {
			return err
		}
		b.ARN, b.Domain = bucket.Arn, bucket.BucketRegionalDomainName
		s := settings{ctx: ctx, name: name, args: args, bucket: bucket, child: child}
		for _, apply := range []func() error{s.encryption, s.versioning, s.access, s.logging} {
			if err := apply(); err != nil {
				return err
			}
		}
		b.Name = s.closed
		return nil
	}, opts...)
	return b, err
}

func tags(name, classification string) pulumi.StringMap {
	t := pulumi.StringMap{"Name": pulumi.String(name)}
	if classification != "" {
		t["data-classification"] = pulumi.String(classification)
	}
	return t
}

// settings applies the arguments to a bucket; each of S3's settings is a
// resource of its own.
type settings struct {
	ctx    *pulumi.Context
	name   string
	args   Args
	bucket *s3.BucketV2
	child  pulumi.ResourceOption
	// closed is the bucket's name as the bucket policy returns it.
	closed pulumi.StringOutput
}

func (s *settings) encryption() error {
	how := s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
		SseAlgorithm: pulumi.String("AES256"),
	}
	if s.args.KeyARN != nil {
		how.SseAlgorithm = pulumi.String("aws:kms")
		how.KmsMasterKeyId = s.args.KeyARN.ToStringOutput().ToStringPtrOutput()
	}
	_, err := s3.NewBucketServerSideEncryptionConfigurationV2(s.ctx, s.name+"-encryption", &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: s.bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			ApplyServerSideEncryptionByDefault: how,
			BucketKeyEnabled:                   pulumi.Bool(s.args.KeyARN != nil),
		}},
	}, s.child)
	return err
}

// versioning also sets what needs it: object lock and lifecycle.
func (s *settings) versioning() error {
	versioning, err := s3.NewBucketVersioningV2(s.ctx, s.name+"-versioning", &s3.BucketVersioningV2Args{
		Bucket:                  s.bucket.ID(),
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, s.child)
	if err != nil {
		return err
	}
	versioned := component.DependsOn(versioning)
	if s.args.Lock != nil {
		if err := s.lock(versioned); err != nil {
			return fmt.Errorf("lock objects: %w", err)
		}
	}
	_, err = s3.NewBucketLifecycleConfigurationV2(s.ctx, s.name+"-lifecycle", &s3.BucketLifecycleConfigurationV2Args{
		Bucket: s.bucket.ID(),
		Rules:  s.args.Lifecycle.rules(),
	}, s.child, versioned)
	return err
}

func (s *settings) lock(versioned pulumi.ResourceOption) error {
	_, err := s3.NewBucketObjectLockConfigurationV2(s.ctx, s.name+"-lock", &s3.BucketObjectLockConfigurationV2Args{
		Bucket: s.bucket.ID(),
		Rule: s3.BucketObjectLockConfigurationV2RuleArgs{
			DefaultRetention: s3.BucketObjectLockConfigurationV2RuleDefaultRetentionArgs{
				Mode: pulumi.String(s.args.Lock.Mode),
				Days: pulumi.Int(s.args.Lock.Days),
			},
		},
	}, s.child, versioned)
	return err
}

// access closes the bucket. S3 refuses two of these settings at one time
// (OperationAborted), so each waits for the one before.
func (s *settings) access() error {
	ownership := "BucketOwnerEnforced"
	if s.args.ACLs {
		ownership = "BucketOwnerPreferred"
	}
	owner, err := s3.NewBucketOwnershipControls(s.ctx, s.name+"-ownership", &s3.BucketOwnershipControlsArgs{
		Bucket: s.bucket.ID(),
		Rule:   s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String(ownership)},
	}, s.child)
	if err != nil {
		return err
	}
	block, err := s3.NewBucketPublicAccessBlock(s.ctx, s.name+"-public-access", &s3.BucketPublicAccessBlockArgs{
		Bucket:                s.bucket.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, s.child, component.DependsOn(owner))
	if err != nil {
		return err
	}
	document, err := policy(s.args, s.bucket.Arn).JSON()
	if err != nil {
		return err
	}
	policy, err := s3.NewBucketPolicy(s.ctx, s.name+"-policy", &s3.BucketPolicyArgs{
		Bucket: s.bucket.ID(), Policy: document,
	}, s.child, component.DependsOn(block))
	if err != nil {
		return err
	}
	s.closed = policy.Bucket
	return nil
}

// logging puts the account, region and bucket into the keys of the access logs
// (partitioned prefix), so that all buckets can share one prefix.
func (s *settings) logging() error {
	if s.args.Logs == nil {
		return nil
	}
	_, err := s3.NewBucketLoggingV2(s.ctx, s.name+"-logging", &s3.BucketLoggingV2Args{
		Bucket:       s.bucket.ID(),
		TargetBucket: s.args.Logs,
		TargetPrefix: pulumi.String(accessLogPrefix),
		TargetObjectKeyFormat: s3.BucketLoggingV2TargetObjectKeyFormatArgs{
			PartitionedPrefix: s3.BucketLoggingV2TargetObjectKeyFormatPartitionedPrefixArgs{
				PartitionDateSource: pulumi.String("EventTime"),
			},
		},
	}, s.child)
	return err
}

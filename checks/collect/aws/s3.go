package aws

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"gatehouse/checks/evidence"
)

func readersOfS3(c *Collector) []evidence.Reader {
	client := s3.NewFromConfig(c.config, func(o *s3.Options) { o.UsePathStyle = c.target.Endpoint != "" })
	statement := c.statement("s3:GetBucketVersioning, GetBucketEncryption, GetPublicAccessBlock, GetObjectLockConfiguration, GetBucketLifecycleConfiguration", "")
	return []evidence.Reader{
		evidence.Read(evidence.AWSBuckets, statement, func(ctx context.Context) ([]evidence.Bucket, error) {
			if len(c.target.Buckets) == 0 {
				return nil, missing("S3 buckets", "buckets")
			}
			return each(ctx, slices.Sorted(maps.Keys(c.target.Buckets)), func(ctx context.Context, purpose string) (evidence.Bucket, error) {
				b := evidence.Bucket{Purpose: purpose, Name: c.target.Buckets[purpose]}
				err := readBucket(ctx, client, &b)
				return b, err
			})
		}),
	}
}

// readBucket asks all five questions at once. A bucket of which a part could
// not be read is left out: half of one would look like a bucket without locks.
func readBucket(ctx context.Context, client *s3.Client, b *evidence.Bucket) error {
	questions := []func(context.Context, *s3.Client, *evidence.Bucket) error{versioning, encryption, publicBlock, objectLock, lifecycle}
	_, err := each(ctx, questions, func(ctx context.Context, ask func(context.Context, *s3.Client, *evidence.Bucket) error) (struct{}, error) {
		return struct{}{}, ask(ctx, client, b) // each sets fields of its own
	})
	return err
}

func versioning(ctx context.Context, client *s3.Client, b *evidence.Bucket) error {
	out, err := client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &b.Name})
	if err == nil {
		b.Versioning = string(out.Status)
	}
	return err
}

func encryption(ctx context.Context, client *s3.Client, b *evidence.Bucket) error {
	out, err := client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &b.Name})
	if hasCode(err, "ServerSideEncryptionConfigurationNotFoundError") {
		return nil
	}
	if err == nil && out.ServerSideEncryptionConfiguration != nil {
		for _, r := range out.ServerSideEncryptionConfiguration.Rules {
			if d := r.ApplyServerSideEncryptionByDefault; d != nil {
				b.Encryption = string(d.SSEAlgorithm)
			}
		}
	}
	return err
}

func publicBlock(ctx context.Context, client *s3.Client, b *evidence.Bucket) error {
	out, err := client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: &b.Name})
	if hasCode(err, "NoSuchPublicAccessBlockConfiguration") {
		return nil
	}
	if err == nil && out.PublicAccessBlockConfiguration != nil {
		p := out.PublicAccessBlockConfiguration
		b.BlocksPublic = aws.ToBool(p.BlockPublicAcls) && aws.ToBool(p.BlockPublicPolicy) &&
			aws.ToBool(p.IgnorePublicAcls) && aws.ToBool(p.RestrictPublicBuckets)
	}
	return err
}

func objectLock(ctx context.Context, client *s3.Client, b *evidence.Bucket) error {
	out, err := client.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &b.Name})
	if hasCode(err, "ObjectLockConfigurationNotFoundError") {
		return nil
	}
	if err == nil && out.ObjectLockConfiguration != nil {
		if rule := out.ObjectLockConfiguration.Rule; rule != nil && rule.DefaultRetention != nil {
			const daysOfYear = 365
			b.Lock = string(rule.DefaultRetention.Mode)
			b.LockDays = int(aws.ToInt32(rule.DefaultRetention.Days)) + daysOfYear*int(aws.ToInt32(rule.DefaultRetention.Years))
		}
	}
	return err
}

func lifecycle(ctx context.Context, client *s3.Client, b *evidence.Bucket) error {
	out, err := client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &b.Name})
	if hasCode(err, "NoSuchLifecycleConfiguration") {
		return nil
	}
	if err != nil {
		return err
	}
	for _, r := range out.Rules {
		if r.Status == types.ExpirationStatusEnabled {
			b.Lifecycle = append(b.Lifecycle, lifecycleOf(r))
		}
	}
	return nil
}

func lifecycleOf(r types.LifecycleRule) evidence.LifecycleRule {
	rule := evidence.LifecycleRule{ID: aws.ToString(r.ID)}
	if f := r.Filter; f != nil {
		rule.Prefix = aws.ToString(f.Prefix)
		rule.Filtered = f.Tag != nil || f.And != nil || f.ObjectSizeGreaterThan != nil || f.ObjectSizeLessThan != nil
	}
	if r.Expiration != nil {
		rule.ExpireDays = int(aws.ToInt32(r.Expiration.Days))
	}
	if r.NoncurrentVersionExpiration != nil {
		rule.OldExpireDays = int(aws.ToInt32(r.NoncurrentVersionExpiration.NoncurrentDays))
	}
	return rule
}

package aws

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
)

type s3c = api.Client

// s3Rows are buckets and the settings that Pulumi keeps as resources of their own.
func s3Rows() []Resource {
	return []Resource{
		{
			Token: "aws:s3/bucketV2:BucketV2", Args: s3.BucketV2Args{}, State: s3.BucketV2{}, ARN: "s3:::",
			Name: "bucket", Replace: []string{"bucket", "bucketPrefix", "objectLockEnabled"},
			Rename: map[string]string{"objectLockEnabled": "ObjectLockEnabledForBucket", "tags": "TagSet"},
			Tag:    tagBucket,
			Create: then(create((*s3c).CreateBucket, "", func(r *request, in *api.CreateBucketInput) {
				if r.region != "us-east-1" {
					in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(r.region)}
				}
			}), func(ctx context.Context, r *request) error { return tagBucket(ctx, r, r.tags(), nil) }),
			Read:   merged(readBucket, read((*s3c).GetBucketTagging, "Bucket", "")),
			Update: func(context.Context, *request) error { return nil },
			Delete: steps(emptyBucket, remove((*s3c).DeleteBucket, "Bucket")),
		},
		bucketSetting(Resource{
			Token: "aws:s3/bucketVersioningV2:BucketVersioningV2", Args: s3.BucketVersioningV2Args{}, State: s3.BucketVersioningV2{},
			Create: create((*s3c).PutBucketVersioning, ""),
			Read:   readVersioning,
			Delete: func(ctx context.Context, r *request) error {
				_, err := call(ctx, r, (*s3c).PutBucketVersioning, &api.PutBucketVersioningInput{Bucket: &r.id, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended}})
				return err
			},
		}),
		bucketSetting(Resource{
			Token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", Args: s3.BucketPublicAccessBlockArgs{}, State: s3.BucketPublicAccessBlock{},
			Create: create((*s3c).PutPublicAccessBlock, "", func(r *request, in *api.PutPublicAccessBlockInput) {
				in.PublicAccessBlockConfiguration = filled(&types.PublicAccessBlockConfiguration{}, r)
			}),
			Read:   read((*s3c).GetPublicAccessBlock, "Bucket", "PublicAccessBlockConfiguration"),
			Delete: remove((*s3c).DeletePublicAccessBlock, "Bucket"),
		}),
		bucketSetting(Resource{
			Token: "aws:s3/bucketPolicy:BucketPolicy", Args: s3.BucketPolicyArgs{}, State: s3.BucketPolicy{},
			Create: create((*s3c).PutBucketPolicy, "", func(r *request, in *api.PutBucketPolicyInput) {
				in.Policy = aws.String(stored(r.str("policy")))
			}),
			Read:   read((*s3c).GetBucketPolicy, "Bucket", ""),
			Delete: remove((*s3c).DeleteBucketPolicy, "Bucket"),
		}),
		bucketSetting(Resource{
			Token: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", Args: s3.BucketServerSideEncryptionConfigurationV2Args{}, State: s3.BucketServerSideEncryptionConfigurationV2{},
			Create: create((*s3c).PutBucketEncryption, "", func(r *request, in *api.PutBucketEncryptionInput) {
				in.ServerSideEncryptionConfiguration = filled(&types.ServerSideEncryptionConfiguration{}, r)
			}),
			Read:   read((*s3c).GetBucketEncryption, "Bucket", "ServerSideEncryptionConfiguration"),
			Delete: remove((*s3c).DeleteBucketEncryption, "Bucket"),
		}),
		bucketSetting(Resource{
			Token: "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", Args: s3.BucketLifecycleConfigurationV2Args{}, State: s3.BucketLifecycleConfigurationV2{},
			Create: create((*s3c).PutBucketLifecycleConfiguration, "", func(r *request, in *api.PutBucketLifecycleConfigurationInput) {
				in.LifecycleConfiguration = filled(&types.BucketLifecycleConfiguration{}, r)
			}),
			Read:   read((*s3c).GetBucketLifecycleConfiguration, "Bucket", ""),
			Delete: remove((*s3c).DeleteBucketLifecycle, "Bucket"),
		}),
		bucketSetting(Resource{
			Token: "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", Args: s3.BucketObjectLockConfigurationV2Args{}, State: s3.BucketObjectLockConfigurationV2{},
			Create: create((*s3c).PutObjectLockConfiguration, "", func(r *request, in *api.PutObjectLockConfigurationInput) {
				in.ObjectLockConfiguration = filled(&types.ObjectLockConfiguration{}, r)
				in.ObjectLockConfiguration.ObjectLockEnabled = types.ObjectLockEnabledEnabled
			}),
			Read:   read((*s3c).GetObjectLockConfiguration, "Bucket", "ObjectLockConfiguration"),
			Delete: nothing,
		}),
		bucketSetting(Resource{
			Token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls", Args: s3.BucketOwnershipControlsArgs{}, State: s3.BucketOwnershipControls{},
			Create: create((*s3c).PutBucketOwnershipControls, "", func(r *request, in *api.PutBucketOwnershipControlsInput) {
				in.OwnershipControls = filled(&types.OwnershipControls{}, r)
			}),
			Read:   read((*s3c).GetBucketOwnershipControls, "Bucket", "OwnershipControls"),
			Delete: remove((*s3c).DeleteBucketOwnershipControls, "Bucket"),
		}),
		bucketSetting(Resource{
			Token: "aws:s3/bucketLoggingV2:BucketLoggingV2", Args: s3.BucketLoggingV2Args{}, State: s3.BucketLoggingV2{},
			Unseen: map[string]string{"targetObjectKeyFormat": "moto does not keep it"},
			Create: create((*s3c).PutBucketLogging, "", func(r *request, in *api.PutBucketLoggingInput) {
				in.BucketLoggingStatus = &types.BucketLoggingStatus{LoggingEnabled: filled(&types.LoggingEnabled{}, r)}
			}),
			Read: read((*s3c).GetBucketLogging, "Bucket", "LoggingEnabled"),
			Delete: func(ctx context.Context, r *request) error {
				_, err := call(ctx, r, (*s3c).PutBucketLogging, &api.PutBucketLoggingInput{Bucket: &r.id, BucketLoggingStatus: &types.BucketLoggingStatus{}})
				return err
			},
		}),
	}
}

// bucketSetting completes a row that is one setting of a bucket: its ID is the bucket's name, and putting it again
// changes it.
func bucketSetting(row Resource) Resource {
	row.Name, row.Replace, row.Update = "bucket", []string{"bucket"}, again(row.Create)
	observe := row.Read
	row.Read = func(ctx context.Context, r *request) (props, error) {
		out, err := observe(ctx, r)
		if err == nil {
			out["bucket"] = r.id
		}
		return out, err
	}
	return row
}

// filled maps a resource's inputs to a nested struct of the AWS SDK.
func filled[T any](dst *T, r *request) *T {
	if err := fill(dst, r.in, r.row.Rename); err != nil {
		panic(fmt.Sprintf("map inputs of %s to %T: %v", r.row.Token, dst, err))
	}
	return dst
}

// readBucket observes that a bucket exists, and what follows from its name.
func readBucket(ctx context.Context, r *request) (props, error) {
	if _, err := call(ctx, r, (*s3c).HeadBucket, &api.HeadBucketInput{Bucket: &r.id}); err != nil {
		return nil, err
	}
	out := props{
		"bucket": r.id, "arn": "arn:aws:s3:::" + r.id, "region": r.region,
		"bucketDomainName":         r.id + ".s3.amazonaws.com",
		"bucketRegionalDomainName": r.id + ".s3." + r.region + ".amazonaws.com",
		"hostedZoneId":             "Z3BJ6K6RIION7M",
		"tags":                     nil,
	}
	if lock, err := call(ctx, r, (*s3c).GetObjectLockConfiguration, &api.GetObjectLockConfigurationInput{Bucket: &r.id}); err == nil {
		out["objectLockEnabled"] = lock.ObjectLockConfiguration.ObjectLockEnabled == types.ObjectLockEnabledEnabled
	}
	return out, nil
}

func readVersioning(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*s3c).GetBucketVersioning, &api.GetBucketVersioningInput{Bucket: &r.id})
	if err != nil {
		return nil, err
	}
	if out.Status == types.BucketVersioningStatusSuspended && r.state == nil {
		return nil, errGone
	}
	return props{"versioningConfiguration": props{"status": string(out.Status)}}, nil
}

// tagBucket writes all tags of a bucket: S3 has no call for one tag.
func tagBucket(ctx context.Context, r *request, add map[string]string, unset []string) error {
	tags := map[string]string{}
	if out, err := call(ctx, r, (*s3c).GetBucketTagging, &api.GetBucketTaggingInput{Bucket: &r.id}); err == nil {
		for _, tag := range out.TagSet {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	} else if !isGone(err) {
		return err
	}
	maps.Copy(tags, add)
	for _, k := range unset {
		delete(tags, k)
	}
	set := []types.Tag{}
	for _, k := range sorted(tags) {
		set = append(set, types.Tag{Key: aws.String(k), Value: aws.String(tags[k])})
	}
	_, err := call(ctx, r, (*s3c).PutBucketTagging, &api.PutBucketTaggingInput{Bucket: &r.id, Tagging: &types.Tagging{TagSet: set}})
	return err
}

// emptyBucket deletes all objects of a bucket that may be destroyed with them.
func emptyBucket(ctx context.Context, r *request) error {
	if !r.flag("forceDestroy") {
		return nil
	}
	out, err := call(ctx, r, (*s3c).ListObjectVersions, &api.ListObjectVersionsInput{Bucket: &r.id})
	if err != nil {
		return err
	}
	for _, v := range out.Versions {
		if _, err := call(ctx, r, (*s3c).DeleteObject, &api.DeleteObjectInput{Bucket: &r.id, Key: v.Key, VersionId: v.VersionId, BypassGovernanceRetention: aws.Bool(true)}); err != nil {
			return err
		}
	}
	for _, m := range out.DeleteMarkers {
		if _, err := call(ctx, r, (*s3c).DeleteObject, &api.DeleteObjectInput{Bucket: &r.id, Key: m.Key, VersionId: m.VersionId}); err != nil {
			return err
		}
	}
	return nil
}

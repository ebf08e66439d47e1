# METADATA
# title: S3 buckets with objects are not deleted
# description: >-
#   With forceDestroy a bucket is emptied, with all versions, when its resource is
#   renamed or removed.
# related_resources:
# - ref: https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/
# custom:
#   severity: medium
#   remediation: |
#     Leave it off where the objects are needed, and protect the resource:
#       s3.NewBucketV2(ctx, "backups", &s3.BucketV2Args{ForceDestroy: pulumi.Bool(false)}, pulumi.Protect(true))
#   frameworks:
#     NIST 800-53: [CM-5, CP-9]
#     SOC 2: [CC8.1, A1.2]
#     ISO 27001: [A.8.32]
#   resource_types:
#   - aws:s3/bucketV2:BucketV2
#   - aws:s3/bucket:Bucket
#   - aws:s3/directoryBucket:DirectoryBucket
#   reads: [forceDestroy]
package gatehouse.aws.s3.force_destroy_off

deny contains {"path": ["forceDestroy"], "message": "the bucket is deleted with its objects"} if {
	input.properties.forceDestroy in {true, "true"}
}

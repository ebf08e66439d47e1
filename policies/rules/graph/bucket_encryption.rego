# METADATA
# title: Every bucket says how it encrypts
# description: >-
#   A bucket without an encryption configuration uses Amazon's own key, whose use
#   nobody here can grant, log or revoke.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
# custom:
#   severity: medium
#   remediation: |
#     Give the bucket an encryption configuration with a key of your own:
#       s3.NewBucketServerSideEncryptionConfigurationV2(ctx, "data", &s3.BucketServerSideEncryptionConfigurationV2Args{
#         Bucket: bucket.ID(), Rules: …{SseAlgorithm: pulumi.String("aws:kms"), KmsMasterKeyId: key.Arn}})
#   frameworks:
#     NIST 800-53: [SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   subjects: ["aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"]
#   resource_types:
#   - aws:s3/bucketV2:BucketV2
#   - aws:s3/bucket:Bucket
#   - aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2
#   - aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration
#   reads:
#     aws:s3/bucketServerSideEncryptionConfiguration*: [bucket]
#   contents:
#     aws:s3/bucket:Bucket: [serverSideEncryptionConfiguration]
#     aws:s3/bucketV2:BucketV2: [serverSideEncryptionConfigurations]
package gatehouse.graph.bucket_encryption

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [property(r)], "message": "no encryption configuration is about the bucket"} if {
	some r in graph.of("s3/Bucket")
	not r.urn in encrypted
	not r.properties[property(r)]
}

encrypted := graph.linked("s3/BucketServerSideEncryptionConfiguration", "bucket")

property(r) := "serverSideEncryptionConfigurations" if endswith(r.type, "V2")

property(r) := "serverSideEncryptionConfiguration" if not endswith(r.type, "V2")

# METADATA
# title: Every bucket blocks public access
# description: >-
#   Without a public access block one careless ACL or policy publishes the bucket.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   severity: high
#   remediation: |
#     Put a public access block on the bucket:
#       s3.NewBucketPublicAccessBlock(ctx, "data", &s3.BucketPublicAccessBlockArgs{
#         Bucket: bucket.ID(), BlockPublicAcls: pulumi.Bool(true), BlockPublicPolicy: pulumi.Bool(true),
#         IgnorePublicAcls: pulumi.Bool(true), RestrictPublicBuckets: pulumi.Bool(true)})
#   frameworks:
#     CIS AWS: ["2.1.4"]
#     NIST 800-53: [AC-3, SC-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   subjects: ["aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"]
#   resource_types:
#   - aws:s3/bucketV2:BucketV2
#   - aws:s3/bucket:Bucket
#   - aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock
#   - aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock
#   reads:
#     aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock: [bucket]
#   contents:
#     aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock: [blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets]
package gatehouse.graph.bucket_public_access

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["bucket"], "message": "no public access block is about the bucket"} if {
	not account_blocks
	some r in graph.of("s3/Bucket")
	not r.urn in blocked
}

blocked := graph.linked("s3/BucketPublicAccessBlock", "bucket")

account_blocks if {
	some r in graph.of("s3/AccountPublicAccessBlock")
	every key in ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] {
		r.properties[key] == true
	}
}

# METADATA
# title: S3 blocks public access in all four ways
# description: >-
#   One of the four switches that is off is the way by which the next policy or
#   ACL makes the bucket public.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   severity: high
#   remediation: |
#     Set all four, for the bucket and for the account:
#       s3.BucketPublicAccessBlockArgs{BlockPublicAcls: pulumi.Bool(true), BlockPublicPolicy: pulumi.Bool(true), IgnorePublicAcls: pulumi.Bool(true), RestrictPublicBuckets: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: [2.1.4]
#     NIST 800-53: [AC-3, AC-4]
#     SOC 2: [CC6.1, CC6.6]
#     ISO 27001: [A.8.3]
#     Guide: ['readiness: Data Classification']
#   resource_types:
#   - aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock
#   - aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock
#   reads: [blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets]
package gatehouse.aws.s3.public_access_blocked

deny contains {"path": [key], "message": message} if {
	some key in ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]
	not object.get(input.properties, key, null) in {true, "true"}
	message := sprintf("%s is off", [key])
}

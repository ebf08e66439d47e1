# METADATA
# title: S3 buckets know no access control lists
# description: >-
#   While ACLs hold, whoever writes an object owns it and may share it; no policy
#   of the bucket shows that.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
# custom:
#   severity: medium
#   remediation: |
#     Enforce the owner; only some log deliveries of AWS still need ACLs:
#       s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:s3/bucketOwnershipControls:BucketOwnershipControls']
#   reads: [rule.objectOwnership]
package gatehouse.aws.s3.owner_enforced

deny contains {"path": ["rule", "objectOwnership"], "message": "access control lists hold"} if {
	not input.properties.rule.objectOwnership == "BucketOwnerEnforced"
}

# METADATA
# title: S3 encrypts objects with a customer-managed key
# description: >-
#   With a key of S3's, whoever may read the bucket may read the objects; a key of
#   your own is a second lock, with its own log.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
# custom:
#   severity: medium
#   remediation: |
#     Name the algorithm and the key; only the bucket of S3's own access logs cannot have one:
#       s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{SseAlgorithm: pulumi.String("aws:kms"), KmsMasterKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-12, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ['readiness: Data Classification']
#   resource_types:
#   - aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2
#   - aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration
#   reads: ['rules[*].applyServerSideEncryptionByDefault']
package gatehouse.aws.s3.customer_key

deny contains {"path": ["rules"], "message": "objects are encrypted with a key of S3's"} if {
	count(rules) == 0
}

deny contains {"path": ["rules", i, "applyServerSideEncryptionByDefault", "sseAlgorithm"], "message": "objects are encrypted with a key of S3's"} if {
	some i, rule in rules
	not uses_kms(rule)
}

deny contains {"path": ["rules", i, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"], "message": "the key is the one that AWS manages"} if {
	some i, rule in rules
	uses_kms(rule)
	object.get(rule.applyServerSideEncryptionByDefault, "kmsMasterKeyId", "") in {"", null, "alias/aws/s3"}
}

uses_kms(rule) if rule.applyServerSideEncryptionByDefault.sseAlgorithm in {"aws:kms", "aws:kms:dsse"}

rules := [r | some r in input.properties.rules]

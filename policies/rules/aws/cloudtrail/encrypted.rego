# METADATA
# title: Trail logs are encrypted with a key of one's own
# description: >-
#   The trail tells an intruder who may do what. With a key of one's own,
#   reading the bucket is not enough to read it.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
# custom:
#   severity: medium
#   remediation: |
#     Name the key, whose policy must let CloudTrail use it:
#       cloudtrail.TrailArgs{KmsKeyId: key.Arn}
#   frameworks:
#     CIS AWS: ["3.5"]
#     NIST 800-53: [AU-9, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Audit Logging"]
#   resource_types:
#   - aws:cloudtrail/trail:Trail
#   reads: [kmsKeyId]
package gatehouse.aws.cloudtrail.encrypted

deny contains {"path": ["kmsKeyId"], "message": "no KMS key is named"} if {
	object.get(input.properties, "kmsKeyId", null) in {null, ""}
}

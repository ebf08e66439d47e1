# METADATA
# title: Log groups are encrypted with a key of one's own
# description: >-
#   Logs hold names, addresses and sometimes tokens. With a key of one's own,
#   the right to read log groups is not enough to read them.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
# custom:
#   severity: medium
#   remediation: |
#     Name the key, whose policy must let CloudWatch Logs use it:
#       cloudwatch.LogGroupArgs{KmsKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [AU-9, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Data Classification"]
#   resource_types:
#   - aws:cloudwatch/logGroup:LogGroup
#   reads: [kmsKeyId]
package gatehouse.aws.logs.encrypted

deny contains {"path": ["kmsKeyId"], "message": "no KMS key is named"} if {
	object.get(input.properties, "kmsKeyId", null) in {null, ""}
}

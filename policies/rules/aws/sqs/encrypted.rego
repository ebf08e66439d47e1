# METADATA
# title: Queues are encrypted
# description: >-
#   Messages wait on disk until they are read. AWS encrypts queues by default;
#   switching it off leaves them in plain text.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
# custom:
#   severity: medium
#   remediation: |
#     Leave the default, or name a key:
#       sqs.QueueArgs{KmsMasterKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types:
#   - aws:sqs/queue:Queue
#   reads: [sqsManagedSseEnabled, kmsMasterKeyId]
package gatehouse.aws.sqs.encrypted

deny contains {"path": [], "message": "encryption is switched off and no KMS key is named"} if {
	input.properties.sqsManagedSseEnabled in {false, "false"}
	object.get(input.properties, "kmsMasterKeyId", null) in {null, ""}
}

# METADATA
# title: Topics are encrypted
# description: >-
#   Messages wait on disk until they are delivered. Alerts name machines,
#   customers and weak spots.
# related_resources:
# - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
# custom:
#   severity: medium
#   remediation: |
#     Name a key; a key of one's own lets alarms of CloudWatch publish:
#       sns.TopicArgs{KmsMasterKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types:
#   - aws:sns/topic:Topic
#   reads: [kmsMasterKeyId]
package gatehouse.aws.sns.encrypted

deny contains {"path": ["kmsMasterKeyId"], "message": "no KMS key is named"} if {
	object.get(input.properties, "kmsMasterKeyId", null) in {null, ""}
}

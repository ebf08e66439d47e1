# METADATA
# title: DynamoDB has a customer-managed key
# description: >-
#   The key that AWS owns cannot be disabled, and its use is in no log of yours.
# related_resources:
# - ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
# custom:
#   severity: low
#   remediation: |
#     Name the key; the table stays in service:
#       dynamodb.TableServerSideEncryptionArgs{Enabled: pulumi.Bool(true), KmsKeyArn: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-12, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types: ['aws:dynamodb/table:Table']
#   reads: [serverSideEncryption]
package gatehouse.aws.dynamodb.customer_key

deny contains {"path": ["serverSideEncryption", "enabled"], "message": "the key is the one that AWS owns"} if {
	not enabled
}

deny contains {"path": ["serverSideEncryption", "kmsKeyArn"], "message": "the key is the one that AWS manages"} if {
	enabled
	object.get(input.properties.serverSideEncryption, "kmsKeyArn", "") in {"", null}
}

enabled if input.properties.serverSideEncryption.enabled in {true, "true"}

# METADATA
# title: EFS has a customer-managed key
# description: >-
#   The key that AWS manages for all of EFS cannot be disabled, narrowed by a key
#   policy or shared with the account that holds the backups.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/EFSKMS.html
# custom:
#   severity: low
#   remediation: |
#     Give the key at creation:
#       efs.FileSystemArgs{Encrypted: pulumi.Bool(true), KmsKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-12, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types: ['aws:efs/fileSystem:FileSystem']
#   reads: [kmsKeyId]
package gatehouse.aws.efs.customer_key

deny contains {"path": ["kmsKeyId"], "message": "the key is the one that AWS manages"} if {
	object.get(input.properties, "kmsKeyId", "") in {"", null, "alias/aws/elasticfilesystem"}
}

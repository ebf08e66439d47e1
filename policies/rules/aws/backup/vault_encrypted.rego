# METADATA
# title: Backups are encrypted with a key of one's own
# description: >-
#   A backup holds all data at once. With a key of its own, whoever gets at the
#   store's key has not got at the backups.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
# custom:
#   severity: medium
#   remediation: |
#     Name the key:
#       backup.VaultArgs{KmsKeyArn: key.Arn}
#   frameworks:
#     NIST 800-53: [CP-9, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["deployment: Set up backup procedures"]
#   resource_types:
#   - aws:backup/vault:Vault
#   reads: [kmsKeyArn]
package gatehouse.aws.backup.vault_encrypted

deny contains {"path": ["kmsKeyArn"], "message": "no KMS key is named"} if {
	object.get(input.properties, "kmsKeyArn", null) in {null, ""}
}

# METADATA
# title: A vault is not deleted with its backups in it
# description: >-
#   With forceDestroy one destroy takes the stores and every backup of them.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/delete-a-vault.html
# custom:
#   severity: high
#   remediation: |
#     Leave it at its default; a vault that is empty can still be deleted:
#       backup.VaultArgs{ForceDestroy: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#   resource_types:
#   - aws:backup/vault:Vault
#   reads: [forceDestroy]
package gatehouse.aws.backup.vault_kept

deny contains {"path": ["forceDestroy"], "message": "the vault is deleted with the backups in it"} if {
	input.properties.forceDestroy in {true, "true"}
}

remedy contains {"path": ["forceDestroy"], "value": false}

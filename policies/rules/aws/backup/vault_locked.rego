# METADATA
# title: Backups are locked against early deletion
# description: >-
#   Whoever takes over the account deletes the backups first. A lock lets nobody
#   set a shorter life than it says.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: medium
#   remediation: |
#     Say how long a backup must live at least:
#       backup.VaultLockConfigurationArgs{BackupVaultName: vault.Name, MinRetentionDays: pulumi.Int(7), MaxRetentionDays: pulumi.Int(400)}
#   frameworks:
#     NIST 800-53: [AU-9, CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ["readiness: Retention Policies"]
#   resource_types:
#   - aws:backup/vaultLockConfiguration:VaultLockConfiguration
#   - aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault
#   reads: [minRetentionDays]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 36500
#       default: 7
#       description: "Days for which every backup must live at least"
package gatehouse.aws.backup.vault_locked

deny contains {
	"path": ["minRetentionDays"],
	"message": sprintf("backups live %d days at least; %d are required", [days, data.parameters["aws-backup-vault-locked"].days]),
} if {
	days := to_number(object.get(input.properties, "minRetentionDays", 0))
	days < data.parameters["aws-backup-vault-locked"].days
}

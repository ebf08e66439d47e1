# METADATA
# title: Backup vaults are locked
# description: >-
#   Whoever gets hold of an administrator deletes the backups first; a lock keeps them
#   for their time, from everybody.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# custom:
#   severity: medium
#   remediation: |
#     Lock the vault:
#       backup.NewVaultLockConfiguration(ctx, "lock", &backup.VaultLockConfigurationArgs{
#         BackupVaultName: vault.Name, MinRetentionDays: pulumi.Int(7)})
#   frameworks:
#     NIST 800-53: [CP-9, AU-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#   subjects: ["aws:backup/vault:Vault"]
#   resource_types: ["aws:backup/vault:Vault", "aws:backup/vaultLockConfiguration:VaultLockConfiguration"]
#   reads:
#     aws:backup/vaultLockConfiguration:VaultLockConfiguration: [backupVaultName]
package gatehouse.graph.vault_lock

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "no lock is about the vault"} if {
	some r in graph.of("backup/Vault")
	not r.urn in locked
}

locked := graph.linked("backup/VaultLockConfiguration", "backupVaultName")

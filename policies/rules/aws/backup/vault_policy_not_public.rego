# METADATA
# title: No vault is open to everybody
# description: >-
#   Whoever may read a vault restores your data in his own account; whoever may
#   write fills it with his.
# related_resources:
# - ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
# custom:
#   severity: critical
#   remediation: |
#     Name the account that copies into the vault, or hold everybody to the organization:
#       "Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6, CP-9]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:backup/vaultPolicy:VaultPolicy
#   reads: [policy]
package gatehouse.aws.backup.vault_policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": sprintf("%s opens the vault to everybody", [s.label])} if {
	some s in iam.exposed
}

# METADATA
# title: Deleted secrets can be brought back
# description: >-
#   A secret that is deleted at once takes down whatever uses it, and nobody can
#   bring it back.
# related_resources:
# - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
# custom:
#   severity: medium
#   remediation: |
#     Leave the window at its default of 30 days, or set it:
#       secretsmanager.SecretArgs{RecoveryWindowInDays: pulumi.Int(30)}
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#   resource_types:
#   - aws:secretsmanager/secret:Secret
#   reads: [recoveryWindowInDays]
#   parameters:
#     days:
#       type: integer
#       minimum: 7
#       maximum: 30
#       default: 7
#       description: "The shortest recovery window in days"
package gatehouse.aws.secretsmanager.recovery_window

deny contains {
	"path": ["recoveryWindowInDays"],
	"message": sprintf("a deleted secret can be brought back for %v days; %d are required", [days, data.parameters["aws-secretsmanager-recovery-window"].days]),
} if {
	days := input.properties.recoveryWindowInDays
	to_number(days) < data.parameters["aws-secretsmanager-recovery-window"].days
}

# METADATA
# title: No user has an access key
# description: >-
#   An access key is a password that never expires. Roles, OIDC and the sign-in
#   of people give credentials for hours.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
# custom:
#   severity: high
#   remediation: |
#     Give the workload a role: of its pods' ServiceAccount, of its machine, or of its pipeline by OIDC:
#       iam.NewRole(ctx, "pipeline", &iam.RoleArgs{AssumeRolePolicy: trustOfTheProvider})
#   frameworks:
#     NIST 800-53: [AC-2, IA-5]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management"]
#   resource_types:
#   - aws:iam/accessKey:AccessKey
#   reads: [status]
package gatehouse.aws.iam.no_access_keys

deny contains {"path": ["status"], "message": "the access key is active"} if {
	object.get(input.properties, "status", "Active") != "Inactive"
}

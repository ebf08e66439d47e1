# METADATA
# title: Roles may be assumed only by name
# description: >-
#   Whoever may assume any role can enter every account that trusts this one.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html
# custom:
#   severity: medium
#   remediation: |
#     Name the roles:
#       {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::111122223333:role/deploy"}
#   frameworks:
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2]
#   resource_types:
#   - aws:iam/policy:Policy
#   - aws:iam/rolePolicy:RolePolicy
#   - aws:iam/userPolicy:UserPolicy
#   - aws:iam/groupPolicy:GroupPolicy
#   - aws:iam/role:Role
#   reads: [policy, "inlinePolicies[*].policy"]
package gatehouse.aws.iam.assume_role_names_roles

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows sts:AssumeRole for every role", [s.label]),
} if {
	some s in iam.free
	iam.covers(s.actions, "sts:assumerole")
	iam.anywhere(s, "role")
}

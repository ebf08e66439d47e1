# METADATA
# title: Roles may be passed only by name or to named services
# description: >-
#   Whoever may pass any role to a service gets the rights of the strongest role
#   in the account by starting a machine or a function with it.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
# custom:
#   severity: high
#   remediation: |
#     Name the roles, and the service that they are for:
#       {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/portal-*",
#        "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}
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
package gatehouse.aws.iam.pass_role_names_roles

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows iam:PassRole for every role", [s.label]),
} if {
	some s in iam.free
	iam.covers(s.actions, "iam:passrole")
	iam.anywhere(s, "role")
}

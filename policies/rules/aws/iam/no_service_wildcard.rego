# METADATA
# title: No policy grants every action of a service on every resource
# description: >-
#   A service's wildcard holds its administration too, and grows with every
#   action that AWS adds.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: high
#   remediation: |
#     Name the actions, or the resources that every action is meant for:
#       {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["arn:aws:s3:::plugins/*"]}
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
package gatehouse.aws.iam.no_service_wildcard

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows %s on every resource", [s.label, action]),
} if {
	some s in iam.free
	iam.everything(s)
	some action in s.actions
	endswith(action, ":*")
}

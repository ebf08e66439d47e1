# METADATA
# title: No policy allows all actions but some
# description: >-
#   Allow with NotAction grants every action that is not named, those of
#   services that AWS has yet to invent included.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
# custom:
#   severity: high
#   remediation: |
#     Name the actions that are allowed, or deny those that are not:
#       {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::plugins/*"]}
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
package gatehouse.aws.iam.no_allow_not_action

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows every action except %s", [s.label, concat(", ", s.not_actions)]),
} if {
	some s in iam.identity
	count(s.not_actions) > 0
}

# METADATA
# title: No policy allows all resources but some
# description: >-
#   Allow with NotResource grants the actions on every resource that is not
#   named, those of tomorrow included.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
# custom:
#   severity: medium
#   remediation: |
#     Name the resources that are allowed, or deny those that are not:
#       {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::audit/*"}
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
package gatehouse.aws.iam.no_allow_not_resource

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows every resource except %s", [s.label, concat(", ", s.not_resources)]),
} if {
	some s in iam.identity
	count(s.not_resources) > 0
}

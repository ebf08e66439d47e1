# METADATA
# title: No policy grants full administration
# description: >-
#   Whoever holds a policy that allows every action on every resource owns the
#   account, and so does whoever steals one session of it.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
# custom:
#   severity: critical
#   remediation: |
#     Name the actions and the resources that are needed:
#       iam.PolicyArgs{Policy: pulumi.String(`{"Version": "2012-10-17", "Statement": [{
#         "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::plugins/*"]}]}`)}
#   frameworks:
#     CIS AWS: ["1.16"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2]
#   resource_types:
#   - aws:iam/policy:Policy
#   - aws:iam/rolePolicy:RolePolicy
#   - aws:iam/userPolicy:UserPolicy
#   - aws:iam/groupPolicy:GroupPolicy
#   - aws:iam/role:Role
#   - aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy
#   reads: [policy, inlinePolicy, "inlinePolicies[*].policy"]
package gatehouse.aws.iam.no_full_administration

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows every action on every resource", [s.label]),
} if {
	some s in iam.identity
	iam.administrator(s)
}

# METADATA
# title: No role trusts everybody
# description: >-
#   A role that anybody may assume gives its rights to every AWS account in the
#   world.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
# custom:
#   severity: critical
#   remediation: |
#     Name who may assume the role, or hold everybody to one organization:
#       iam.RoleArgs{AssumeRolePolicy: pulumi.String(`{"Version": "2012-10-17", "Statement": [{
#         "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"}}]}`)}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.5.15]
#   resource_types:
#   - aws:iam/role:Role
#   reads: [assumeRolePolicy]
package gatehouse.aws.iam.trust_not_public

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s trusts everybody", [s.label]),
} if {
	some s in iam.trust
	iam.everyone(s)
	not iam.narrowed(s)
}

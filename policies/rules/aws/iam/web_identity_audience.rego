# METADATA
# title: A role for web identities names the audience of their tokens
# description: >-
#   Without an audience a token that was made for another application opens the
#   role.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
# custom:
#   severity: high
#   remediation: |
#     Compare the token's audience too:
#       "Condition": {"StringEquals": {"oidc.eks.us-west-2.amazonaws.com/id/0123:aud": "sts.amazonaws.com"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6, IA-8]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.5.15]
#   resource_types:
#   - aws:iam/role:Role
#   reads: [assumeRolePolicy]
package gatehouse.aws.iam.web_identity_audience

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s trusts tokens for any audience", [s.label]),
} if {
	some s in iam.trust
	iam.web_identity(s)
	not bound(s)
}

bound(s) if {
	some c in s.conditions
	endswith(c.key, ":aud")
	iam.binds(c)
}

# METADATA
# title: A role for web identities names who may assume it
# description: >-
#   Without a subject every token of the provider opens the role; with GitHub's,
#   that is every repository in the world, and with a cluster's, every pod.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
# custom:
#   severity: critical
#   remediation: |
#     Compare the token's subject, up to the repository or the namespace at least:
#       "Condition": {"StringEquals": {"oidc.eks.us-west-2.amazonaws.com/id/0123:sub": "system:serviceaccount:backstage:backstage"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6, IA-8]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.5.15]
#     Guide: ["readiness: RBAC"]
#   resource_types:
#   - aws:iam/role:Role
#   reads: [assumeRolePolicy]
package gatehouse.aws.iam.web_identity_subject

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s trusts any subject of the provider", [s.label]),
} if {
	some s in iam.trust
	iam.web_identity(s)
	not bound(s)
}

bound(s) if {
	some c in s.conditions
	endswith(c.key, ":sub")
	iam.binds(c)
	every subject in c.values {
		named(subject)
	}
}

named(subject) if not iam.wild(subject)

# A pattern names somebody when it keeps the organization or the namespace.
named(subject) if {
	beginning := split(replace(subject, "?", "*"), "*")[0]
	count(split(replace(beginning, "/", ":"), ":")) > segments(subject)
}

segments(subject) := 3 if {
	startswith(subject, "system:")
} else := 2

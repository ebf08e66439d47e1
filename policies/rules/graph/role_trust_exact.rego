# METADATA
# title: A role for pods trusts exactly the ServiceAccounts that use it
# description: >-
#   A role that trusts any ServiceAccount, or one of another namespace than the
#   one that names the role, hands its permissions to whoever may create pods there.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
# custom:
#   severity: critical
#   remediation: |
#     Compare the token's subject with the full name, by StringEquals:
#       "Condition": {"StringEquals": {"OIDC_ISSUER:sub": "system:serviceaccount:backup:velero", "OIDC_ISSUER:aud": "sts.amazonaws.com"}}
#   frameworks:
#     NIST 800-53: [AC-6, AC-3]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15]
#     Guide: ["readiness: RBAC"]
#   subjects: ["aws:iam/role:Role"]
#   resource_types: ["aws:iam/role:Role", "kubernetes:core/v1:ServiceAccount", "kubernetes:core/v1:Namespace"]
#   reads:
#     kubernetes:core/v1:ServiceAccount: [metadata.annotations]
#   contents:
#     aws:iam/role:Role: [assumeRolePolicy]
package gatehouse.graph.role_trust_exact

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_trust as trust

deny contains {"resource": urn, "path": ["assumeRolePolicy"], "message": "any ServiceAccount of the cluster can assume the role"} if {
	some urn, statements in trust.federated
	some statement in statements
	count(trust.subjects(statement)) == 0
}

deny contains {"resource": urn, "path": ["assumeRolePolicy"], "message": message} if {
	some [urn, subject] in subjects
	contains(subject, "*")
	message := sprintf("%s can assume the role", [subject])
}

deny contains {"resource": urn, "path": ["assumeRolePolicy"], "message": message} if {
	some [urn, subject] in subjects
	not contains(subject, "*")
	users := trust.users[urn]
	namespace := split(subject, ":")[2]
	not namespace in {graph.namespace(user) | some user in users}
	message := sprintf("%s can assume the role, which only %s names", [subject, concat(", ", {trust.subject_of(user) | some user in users})])
}

subjects contains [urn, subject] if {
	some urn, statements in trust.federated
	some statement in statements
	some subject in trust.subjects(statement)
}

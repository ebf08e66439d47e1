# METADATA
# title: A ServiceAccount names a role that trusts it
# description: >-
#   A role that does not trust the ServiceAccount leaves its pods without
#   permissions, which only shows when they first call AWS.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
# custom:
#   severity: medium
#   remediation: |
#     Let the role's trust policy name the account, in its namespace:
#       "Condition": {"StringEquals": {"OIDC_ISSUER:sub": "system:serviceaccount:backup:velero"}}
#   frameworks:
#     NIST 800-53: [AC-3, CM-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15]
#   subjects: ["kubernetes:core/v1:ServiceAccount"]
#   resource_types: ["kubernetes:core/v1:ServiceAccount", "aws:iam/role:Role", "kubernetes:core/v1:Namespace"]
#   reads:
#     kubernetes:core/v1:ServiceAccount: [metadata.annotations]
#   contents:
#     aws:iam/role:Role: [assumeRolePolicy]
package gatehouse.graph.service_account_trusted

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_trust as trust

deny contains {"resource": account.urn, "path": ["metadata", "annotations", trust.annotation], "message": message} if {
	some urn, accounts in trust.users
	some account in accounts
	not trust.trusts(urn, trust.subject_of(account))
	message := sprintf("role %s does not trust %s", [graph.resource[urn].name, trust.subject_of(account)])
}

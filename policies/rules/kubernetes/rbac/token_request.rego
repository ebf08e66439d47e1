# METADATA
# title: Roles make no tokens of other service accounts
# description: >-
#   A token of a service account is that service account; who may request tokens has the
#   rights of every one in the namespace.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request
# custom:
#   severity: high
#   remediation: |
#     Name the one service account that is meant:
#       {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [vault-auth], verbs: [create]}
#   frameworks:
#     CIS Kubernetes: ["5.1.13"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.token_request

import data.gatehouse.lib.rbac

deny contains {"path": g.path, "message": "tokens of any service account may be made"} if {
	some resource in ["serviceaccounts/token", "*/token", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "", {"create"})
	count(g.names) == 0
}

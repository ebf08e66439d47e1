# METADATA
# title: Roles read no secrets but named ones
# description: >-
#   To get, list or watch secrets is to have the credentials of everything in the
#   namespace or cluster; a list answers with the values, too.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets
# custom:
#   severity: high
#   remediation: |
#     Name the secrets, or mount them instead:
#       {apiGroups: [""], resources: [secrets], resourceNames: [portal-database], verbs: [get]}
#   frameworks:
#     CIS EKS: ["4.1.2"]
#     CIS Kubernetes: ["5.1.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.secrets

import data.gatehouse.lib.rbac

deny contains {"path": g.path, "message": "secrets may be read"} if {
	some resource in ["secrets", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "", {"get", "list", "watch"})
	count(g.names) == 0
}

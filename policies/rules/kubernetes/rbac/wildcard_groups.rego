# METADATA
# title: Roles name the API groups that they grant
# description: >-
#   The same resource name may exist in another group, now or after the next operator is
#   installed; a wildcard grants it there as well.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: medium
#   remediation: |
#     Write the group of each resource; the core group is empty:
#       apiGroups: ["", apps]
#   frameworks:
#     CIS EKS: ["4.1.3"]
#     CIS Kubernetes: ["5.1.3"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*].apiGroups"]
package gatehouse.kubernetes.rbac.wildcard_groups

import data.gatehouse.lib.rbac

deny contains {"path": array.concat(g.path, ["apiGroups"]), "message": "every API group is granted"} if {
	some g in rbac.grants
	"*" in g.groups
}

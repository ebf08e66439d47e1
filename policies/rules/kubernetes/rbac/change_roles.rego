# METADATA
# title: Roles change no roles or bindings
# description: >-
#   Who writes bindings hands out what he has to whomever he likes, and nobody reviews it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: high
#   remediation: |
#     Declare roles and bindings in the reviewed program; let the rest read them:
#       {apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [get, list, watch]}
#   frameworks:
#     NIST 800-53: [AC-2, AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.change_roles

import data.gatehouse.lib.rbac

deny contains {"path": g.path, "message": "roles or bindings may be changed"} if {
	some resource in ["roles", "clusterroles", "rolebindings", "clusterrolebindings", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "rbac.authorization.k8s.io", {"create", "update", "patch"})
}

# METADATA
# title: Roles let nobody widen their own rights
# description: >-
#   Escalate and bind turn a narrow role into any other; impersonate makes its holder
#   anybody, cluster administrators included.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb
# custom:
#   severity: critical
#   remediation: |
#     Grant roles from the pipeline that is reviewed; leave these verbs out:
#       {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [get, list, watch]}
#   frameworks:
#     CIS EKS: ["4.1.8"]
#     CIS Kubernetes: ["5.1.8"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.escalation

import data.gatehouse.lib.rbac

deny contains {"path": g.path, "message": "roles may be escalated or bound"} if {
	some resource in ["roles", "clusterroles", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "rbac.authorization.k8s.io", {"escalate", "bind"})
	not bound_by_name(g)
}

# A named role may be handed out by who may bind it alone.
bound_by_name(g) if {
	count(g.names) > 0
	not "escalate" in g.verbs
	not "*" in g.verbs
}

deny contains {"path": g.path, "message": "others may be impersonated"} if {
	some resource in ["users", "groups", "serviceaccounts", "uids", "*"]
	some g in rbac.on[resource]
	some group in ["", "authentication.k8s.io"]
	rbac.allows(g, group, {"impersonate"})
	count(g.names) == 0
}

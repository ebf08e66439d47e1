# METADATA
# title: A role binding names a role that exists
# description: >-
#   A binding to a missing role grants nothing today, and whatever somebody later
#   creates under that name.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
# custom:
#   severity: medium
#   remediation: |
#     Declare the role beside the binding, or name one of Kubernetes' own:
#       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
#   frameworks:
#     NIST 800-53: [AC-2, AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.18]
#     Guide: ["readiness: RBAC"]
#   subjects: ["kubernetes:rbac.authorization.k8s.io/*:RoleBinding", "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding"]
#   resource_types:
#   - kubernetes:rbac.authorization.k8s.io/*:RoleBinding
#   - kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding
#   - kubernetes:rbac.authorization.k8s.io/*:Role
#   - kubernetes:rbac.authorization.k8s.io/*:ClusterRole
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     kubernetes:rbac.authorization.k8s.io/*:RoleBinding: [roleRef]
#     kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding: [roleRef]
#     kubernetes:helm.sh/v3:Release: [namespace]
package gatehouse.graph.binding_role

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["roleRef", "name"], "message": message} if {
	some r in graph.of("rbac.authorization.k8s.io/RoleBinding")
	graph.namespace(r) in graph.declared
	r.properties.roleRef.kind == "Role"
	count(graph.named("rbac.authorization.k8s.io/Role", graph.namespace(r), r.properties.roleRef.name)) == 0
	message := sprintf("Role %s does not exist in the namespace", [r.properties.roleRef.name])
}

deny contains {"resource": r.urn, "path": ["roleRef", "name"], "message": message} if {
	count(graph.of("helm.sh/Release")) == 0
	count(cluster_roles) > 0
	some kind in ["RoleBinding", "ClusterRoleBinding"]
	some r in graph.of(concat("/", ["rbac.authorization.k8s.io", kind]))
	r.properties.roleRef.kind == "ClusterRole"
	name := r.properties.roleRef.name
	not name in cluster_roles
	not built_in(name)
	message := sprintf("ClusterRole %s does not exist", [name])
}

# cluster_roles are those of the stack. A stack that has none, or charts, may
# well use those of somebody else.
cluster_roles := {graph.name(r) | some r in graph.of("rbac.authorization.k8s.io/ClusterRole")}

built_in(name) if name in {"admin", "cluster-admin", "edit", "view"}

built_in(name) if startswith(name, "system:")

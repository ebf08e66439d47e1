# METADATA
# title: Nobody is bound to cluster-admin
# description: >-
#   cluster-admin may do everything everywhere; what holds it is the cluster.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
# custom:
#   severity: critical
#   remediation: |
#     Bind a role that names what is needed; people come through EKS access entries:
#       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
#   frameworks:
#     CIS EKS: ["4.1.1"]
#     CIS Kubernetes: ["5.1.1"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:RoleBinding", "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding"]
#   reads: [roleRef]
package gatehouse.kubernetes.rbac.cluster_admin

deny contains {"path": ["roleRef"], "message": "cluster-admin is bound"} if {
	input.properties.roleRef.name == "cluster-admin"
	object.get(input.properties.roleRef, "kind", "ClusterRole") == "ClusterRole"
}

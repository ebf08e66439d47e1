# METADATA
# title: Roles do not widen the built-in ones
# description: >-
#   A label adds the rules of this role to admin, edit or view, for everybody who has ever
#   been bound to those.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
# custom:
#   severity: low
#   remediation: |
#     Bind the role by its own name; aggregate only to view, and only what is harmless to read:
#       metadata: {labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}
#   frameworks:
#     CIS Kubernetes: ["5.1.3"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: [metadata.labels]
package gatehouse.kubernetes.rbac.aggregation

deny contains {"path": ["metadata", "labels", label], "message": sprintf("the rules are added to %s", [role])} if {
	some role in ["admin", "edit"]
	label := sprintf("rbac.authorization.k8s.io/aggregate-to-%s", [role])
	input.properties.metadata.labels[label] in ["true", true]
}

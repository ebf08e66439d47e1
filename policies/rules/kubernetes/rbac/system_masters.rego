# METADATA
# title: Nobody is in system:masters
# description: >-
#   The API server lets this group through before it looks at any role, so it can be
#   neither narrowed nor taken away.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
# custom:
#   severity: critical
#   remediation: |
#     Bind a role to a group of your own:
#       subjects: [{kind: Group, name: portal-operators, apiGroup: rbac.authorization.k8s.io}]
#   frameworks:
#     CIS Kubernetes: ["5.1.7"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:RoleBinding", "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding"]
#   reads: ["subjects[*]"]
package gatehouse.kubernetes.rbac.system_masters

import data.gatehouse.lib.rbac

deny contains {"path": s.path, "message": "system:masters is bound"} if {
	some s in rbac.subjects
	s.subject.name == "system:masters"
	object.get(s.subject, "kind", "Group") == "Group"
}

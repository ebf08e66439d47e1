# METADATA
# title: Nothing is granted to anonymous or to everybody
# description: >-
#   system:unauthenticated is whoever reaches the API server, and system:authenticated is
#   every identity of the account, each pod's among them.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests
# custom:
#   severity: critical
#   remediation: |
#     Bind the group or service account that is meant:
#       subjects: [{kind: Group, name: portal-developers, apiGroup: rbac.authorization.k8s.io}]
#   frameworks:
#     NIST 800-53: [AC-3, AC-14]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:RoleBinding", "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding"]
#   reads: ["subjects[*]"]
package gatehouse.kubernetes.rbac.anonymous

import data.gatehouse.lib.rbac

everybody := {"system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"}

deny contains {"path": s.path, "message": sprintf("%s is bound", [s.subject.name])} if {
	some s in rbac.subjects
	s.subject.name in everybody
	object.get(s.subject, "kind", "Group") in ["User", "Group"]
}

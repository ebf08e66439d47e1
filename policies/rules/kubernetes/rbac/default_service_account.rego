# METADATA
# title: Nothing is granted to default service accounts
# description: >-
#   Every pod that names no service account runs as default, so the grant reaches pods
#   that nobody thought of.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   severity: medium
#   remediation: |
#     Make a service account for the workload and bind that:
#       subjects: [{kind: ServiceAccount, name: portal, namespace: developer-portal}]
#   frameworks:
#     CIS EKS: ["4.1.5"]
#     CIS Kubernetes: ["5.1.5"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:RoleBinding", "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding"]
#   reads: ["subjects[*]"]
package gatehouse.kubernetes.rbac.default_service_account

import data.gatehouse.lib.rbac

deny contains {"path": s.path, "message": "the default service account is bound"} if {
	some s in rbac.subjects
	s.subject.name == "default"
	object.get(s.subject, "kind", "ServiceAccount") == "ServiceAccount"
}

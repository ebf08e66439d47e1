# METADATA
# title: A role binding names ServiceAccounts that exist
# description: >-
#   A binding to a missing account waits for whoever may create an account of that
#   name, and hands the role over.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
# custom:
#   severity: medium
#   remediation: |
#     Declare the account, in the namespace that the binding names:
#       subjects: [{kind: ServiceAccount, name: portal, namespace: portal}]
#   frameworks:
#     NIST 800-53: [AC-2, AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.18]
#     Guide: ["readiness: RBAC"]
#   subjects: ["kubernetes:rbac.authorization.k8s.io/*:RoleBinding", "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding"]
#   resource_types:
#   - kubernetes:rbac.authorization.k8s.io/*:RoleBinding
#   - kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding
#   - kubernetes:core/v1:ServiceAccount
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     kubernetes:rbac.authorization.k8s.io/*: [subjects]
#     kubernetes:helm.sh/v3:Release: [namespace]
package gatehouse.graph.binding_account

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["subjects", i, "name"], "message": message} if {
	some kind in ["RoleBinding", "ClusterRoleBinding"]
	some r in graph.of(concat("/", ["rbac.authorization.k8s.io", kind]))
	some i, subject in r.properties.subjects
	subject.kind == "ServiceAccount"
	subject.name != "default"
	namespace := object.get(subject, "namespace", graph.namespace(r))
	namespace in graph.declared
	count(graph.named("core/ServiceAccount", namespace, subject.name)) == 0
	message := sprintf("ServiceAccount %s does not exist in %s", [subject.name, namespace])
}

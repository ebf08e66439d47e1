# METADATA
# title: Nothing lives in the default namespace
# description: >-
#   Quotas, network policies and roles are given by namespace; in default they are
#   everybody's and so nobody's.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
# custom:
#   severity: medium
#   remediation: |
#     Give it a namespace:
#       metadata: {namespace: developer-portal}
#   frameworks:
#     CIS Kubernetes: ["5.7.4"]
#     NIST 800-53: [AC-6, SC-2]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.22]
#   resource_types: ["$pods", "kubernetes:core/*:Service", "kubernetes:core/*:ConfigMap", "kubernetes:core/*:Secret", "kubernetes:core/*:ServiceAccount", "kubernetes:core/*:PersistentVolumeClaim", "kubernetes:networking.k8s.io/*:Ingress", "kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:RoleBinding"]
#   reads: [metadata.namespace]
package gatehouse.kubernetes.namespaces.default_namespace

# Where it is left out, the provider or the client chooses.
deny contains {"path": ["metadata", "namespace"], "message": "the namespace is default"} if {
	input.properties.metadata.namespace == "default"
}

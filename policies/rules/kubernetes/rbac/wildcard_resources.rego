# METADATA
# title: Roles name the resources that they grant
# description: >-
#   A wildcard covers secrets, and whatever kind is installed tomorrow.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: high
#   remediation: |
#     Write the resources that are used:
#       resources: [configmaps, services]
#   frameworks:
#     CIS EKS: ["4.1.3"]
#     CIS Kubernetes: ["5.1.3"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*].resources", "rules[*].nonResourceURLs"]
package gatehouse.kubernetes.rbac.wildcard_resources

import data.gatehouse.lib.rbac

deny contains {"path": array.concat(g.path, ["resources"]), "message": "every resource is granted"} if {
	some g in rbac.on["*"]
}

deny contains {"path": ["rules", i, "nonResourceURLs"], "message": "every URL is granted"} if {
	some i, r in input.properties.rules
	some url in r.nonResourceURLs
	url in {"*", "/*"}
}

# METADATA
# title: Roles name the verbs that they grant
# description: >-
#   A wildcard grants every verb, those of later versions and escalate, bind and
#   impersonate with them.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   severity: high
#   remediation: |
#     Write the verbs that are used:
#       verbs: [get, list, watch]
#   frameworks:
#     CIS EKS: ["4.1.3"]
#     CIS Kubernetes: ["5.1.3"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: RBAC"]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*].verbs"]
package gatehouse.kubernetes.rbac.wildcard_verbs

import data.gatehouse.lib.rbac

deny contains {"path": array.concat(g.path, ["verbs"]), "message": "every verb is granted"} if {
	some g in rbac.grants
	"*" in g.verbs
}

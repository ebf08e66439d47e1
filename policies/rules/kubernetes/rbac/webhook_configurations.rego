# METADATA
# title: Roles change no admission webhooks
# description: >-
#   A webhook sees every object that is written, secrets included, and may change it; who
#   configures webhooks reads and rewrites the cluster.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks
# custom:
#   severity: high
#   remediation: |
#     Let an operator change only its own configuration, by name:
#       {apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], resourceNames: [my-operator], verbs: [get, patch]}
#   frameworks:
#     CIS Kubernetes: ["5.1.12"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.webhook_configurations

import data.gatehouse.lib.rbac

hooks := [
	"mutatingwebhookconfigurations", "validatingwebhookconfigurations",
	"mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
	"validatingadmissionpolicies", "validatingadmissionpolicybindings", "*",
]

deny contains {"path": g.path, "message": "admission may be reconfigured"} if {
	some hook in hooks
	some g in rbac.on[hook]
	rbac.allows(g, "admissionregistration.k8s.io", {"create", "update", "patch", "delete"})
	count(g.names) == 0
}

# METADATA
# title: Roles reach no kubelet through the proxy
# description: >-
#   nodes/proxy talks to the kubelet itself, which runs commands in every pod of the node
#   past admission and audit; get is enough for that.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes
# custom:
#   severity: high
#   remediation: |
#     Grant the narrow subresources instead:
#       {apiGroups: [""], resources: [nodes/metrics, nodes/stats], verbs: [get]}
#   frameworks:
#     CIS Kubernetes: ["5.1.10"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.nodes_proxy

import data.gatehouse.lib.rbac

deny contains {"path": g.path, "message": "the kubelet may be reached through the proxy"} if {
	some resource in ["nodes/proxy", "*/proxy", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "", {"get", "create", "update", "patch", "delete"})
}

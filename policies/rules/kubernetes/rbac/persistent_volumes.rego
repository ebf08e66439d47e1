# METADATA
# title: Roles create no persistent volumes
# description: >-
#   A persistent volume may be a folder of the node, so its creator reads the node's file
#   system from a pod that looks harmless.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation
# custom:
#   severity: high
#   remediation: |
#     Let a storage class make volumes, and grant claims:
#       {apiGroups: [""], resources: [persistentvolumeclaims], verbs: [create]}
#   frameworks:
#     CIS Kubernetes: ["5.1.9"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.8.2]
#   resource_types: ["kubernetes:rbac.authorization.k8s.io/*:ClusterRole"]
#   reads: ["rules[*]"]
package gatehouse.kubernetes.rbac.persistent_volumes

import data.gatehouse.lib.rbac

deny contains {"path": g.path, "message": "persistent volumes may be created"} if {
	some resource in ["persistentvolumes", "*"]
	some g in rbac.on[resource]
	rbac.allows(g, "", {"create"})
}

# METADATA
# title: Containers pass no mounts on to their node
# description: >-
#   What a container mounts under a bidirectional volume appears on the node and in every
#   other pod there: it changes what others see as their files.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation
# custom:
#   severity: high
#   remediation: |
#     Leave mountPropagation out; only drivers of storage need it, in a namespace of their own:
#       volumeMounts: [{name: data, mountPath: /data, mountPropagation: HostToContainer}]
#   frameworks:
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [SC-39, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].volumeMounts[*].mountPropagation
#   - $pod.initContainers[*].volumeMounts[*].mountPropagation
#   - $pod.ephemeralContainers[*].volumeMounts[*].mountPropagation
package gatehouse.kubernetes.pods.mount_propagation

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["volumeMounts", i, "mountPropagation"]), "message": sprintf("mounts are passed on: %v", [propagation])} if {
	some c in pods.containers
	propagation := c.container.volumeMounts[i].mountPropagation
	not propagation in {"None", "HostToContainer", null}
}

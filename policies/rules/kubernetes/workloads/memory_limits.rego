# METADATA
# title: Containers have a memory limit
# description: >-
#   A container without a memory limit that leaks takes the memory of everything else on
#   its node.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# custom:
#   severity: medium
#   remediation: |
#     Set the limit that the container may never pass:
#       resources: {limits: {memory: 512Mi}}
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Limits", "readiness: Resource Allocation"]
#   resource_types: ["$pods"]
#   reads: ["$pod.containers[*].name", "$pod.initContainers[*].name", "$pod.containers[*].resources.limits", "$pod.initContainers[*].resources.limits", "$pod.resources.limits"]
package gatehouse.kubernetes.workloads.memory_limits

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

whole := workloads.whole_pod.limits

deny contains {"path": array.concat(pods.path, ["resources", "limits", "memory"]), "message": "the pod has no memory limit"} if {
	whole
	object.get(pods.spec, ["resources", "limits", "memory"], null) == null
}

deny contains {"path": pods.at(c, ["resources", "limits", "memory"]), "message": sprintf("container %q has no memory limit", [workloads.name(c)])} if {
	not whole
	some c in workloads.requesting
	object.get(c.container, ["resources", "limits", "memory"], null) == null
}

# METADATA
# title: Containers have a CPU limit
# description: >-
#   A container without a CPU limit may starve its neighbours when it spins. Some leave it
#   out on purpose, to use what is idle; the guide asks for it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# custom:
#   severity: low
#   remediation: |
#     Set a limit well above the request, so that it is not throttled in ordinary work:
#       resources: {requests: {cpu: 250m}, limits: {cpu: "1"}}
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Limits", "readiness: Resource Allocation"]
#   resource_types: ["$pods"]
#   reads: ["$pod.containers[*].name", "$pod.initContainers[*].name", "$pod.containers[*].resources.limits", "$pod.initContainers[*].resources.limits", "$pod.resources.limits"]
package gatehouse.kubernetes.workloads.cpu_limits

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

whole := workloads.whole_pod.limits

deny contains {"path": array.concat(pods.path, ["resources", "limits", "cpu"]), "message": "the pod has no CPU limit"} if {
	whole
	object.get(pods.spec, ["resources", "limits", "cpu"], null) == null
}

deny contains {"path": pods.at(c, ["resources", "limits", "cpu"]), "message": sprintf("container %q has no CPU limit", [workloads.name(c)])} if {
	not whole
	some c in workloads.requesting
	object.get(c.container, ["resources", "limits", "cpu"], null) == null
}

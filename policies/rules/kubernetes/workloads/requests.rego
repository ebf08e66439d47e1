# METADATA
# title: Containers request CPU and memory
# description: >-
#   Without requests the scheduler packs pods onto nodes that cannot hold them, and they
#   are the first to be evicted.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# custom:
#   severity: medium
#   remediation: |
#     Request what the container normally uses:
#       resources: {requests: {cpu: 100m, memory: 256Mi}}
#   frameworks:
#     NIST 800-53: [SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Limits"]
#   resource_types: ["$pods"]
#   reads: ["$pod.containers[*].name", "$pod.initContainers[*].name", "$pod.containers[*].resources", "$pod.initContainers[*].resources", "$pod.resources"]
package gatehouse.kubernetes.workloads.requests

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

# A pod that asks as a whole speaks for its containers.
asks_as_a_whole if workloads.whole_pod.requests

asks_as_a_whole if workloads.whole_pod.limits

deny contains {"path": array.concat(pods.path, ["resources"]), "message": sprintf("the pod requests no %s", [resource])} if {
	asks_as_a_whole
	some resource in ["cpu", "memory"]
	absent(pods.spec, resource)
}

deny contains {"path": pods.at(c, ["resources"]), "message": sprintf("container %q requests no %s", [workloads.name(c), resource])} if {
	not asks_as_a_whole
	some c in workloads.requesting
	some resource in ["cpu", "memory"]
	absent(c.container, resource)
}

# A limit without a request is the request too.
absent(holder, resource) if {
	object.get(holder, ["resources", "requests", resource], null) == null
	object.get(holder, ["resources", "limits", resource], null) == null
}

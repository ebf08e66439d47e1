# METADATA
# title: Resource quantities have the unit that was meant
# description: >-
#   Memory in m is thousandths of a byte, and memory without a unit is bytes; 500 CPUs
#   were meant to be 500m. Such a pod is killed at once or never scheduled.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
# custom:
#   severity: medium
#   remediation: |
#     Write memory with Mi or Gi, and a part of a CPU with m:
#       resources: {requests: {cpu: 500m, memory: 512Mi}}
#   frameworks:
#     NIST 800-53: [SC-6]
#     SOC 2: [A1.1]
#   resource_types: ["$pods"]
#   reads: ["$pod.containers[*].resources", "$pod.initContainers[*].resources"]
#   parameters:
#     least_memory: {type: integer, minimum: 0, default: 1048576, description: "the fewest bytes of memory that somebody can have meant"}
#     most_cpus: {type: integer, minimum: 1, default: 192, description: "the most CPUs that somebody can have meant"}
package gatehouse.kubernetes.workloads.quantities

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

parameters := data.parameters["kubernetes-workloads-quantities"]

deny contains {"path": pods.at(c, ["resources", group, resource]), "message": sprintf("%v of %s cannot be meant", [quantity, resource])} if {
	some c in workloads.requesting
	some group in ["requests", "limits"]
	some resource, quantity in c.container.resources[group]
	odd(resource, workloads.amount(quantity))
}

odd("memory", amount) if amount < parameters.least_memory

odd("cpu", amount) if amount > parameters.most_cpus

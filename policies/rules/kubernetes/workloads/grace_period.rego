# METADATA
# title: Pods have time to end
# description: >-
#   With no grace a process is killed in the middle of what it writes; with hours of it a
#   node cannot be drained.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
# custom:
#   severity: medium
#   remediation: |
#     Give what the slowest request takes, and the pre-stop wait on top:
#       terminationGracePeriodSeconds: 45
#   frameworks:
#     NIST 800-53: [SC-24]
#     SOC 2: [A1.2]
#   resource_types: ["$pods"]
#   reads: ["$pod.terminationGracePeriodSeconds"]
#   parameters:
#     least: {type: integer, minimum: 0, default: 1, description: "the fewest seconds"}
#     most: {type: integer, minimum: 1, default: 3600, description: "the most seconds"}
package gatehouse.kubernetes.workloads.grace_period

import data.gatehouse.lib.pods

parameters := data.parameters["kubernetes-workloads-grace-period"]

seconds := pods.spec.terminationGracePeriodSeconds

path := array.concat(pods.path, ["terminationGracePeriodSeconds"])

deny contains {"path": path, "message": sprintf("%v seconds to end in, at least %d are wanted", [seconds, parameters.least])} if {
	seconds < parameters.least
}

deny contains {"path": path, "message": sprintf("%v seconds to end in, at most %d are wanted", [seconds, parameters.most])} if {
	seconds > parameters.most
}

# METADATA
# title: Workloads have a priority class
# description: >-
#   When a node runs full, pods without a priority are evicted in an order that nobody
#   chose.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
# custom:
#   severity: low
#   remediation: |
#     Name the class that says how important it is:
#       priorityClassName: gatehouse-standard
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   reads: ["$pod.priorityClassName"]
package gatehouse.kubernetes.workloads.priority_class

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["priorityClassName"]), "message": "no priority class is named"} if {
	object.get(pods.spec, "priorityClassName", "") in ["", null]
}

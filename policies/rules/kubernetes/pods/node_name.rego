# METADATA
# title: Pods leave the choice of node to the scheduler
# description: >-
#   A pod that names its node goes past the scheduler: past taints, free resources and the
#   rules on where it may run, and it is lost with that node.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
# custom:
#   severity: medium
#   remediation: |
#     Select by labels:
#       nodeSelector: {gatehouse/pool: apps}
#   frameworks:
#     NIST 800-53: [CM-7, SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.14]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.nodeName
package gatehouse.kubernetes.pods.node_name

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["nodeName"]), "message": sprintf("node %v is named", [name])} if {
	name := pods.spec.nodeName
	not name in {"", null}
}

# METADATA
# title: Containers behind a Service wait before they stop
# description: >-
#   A pod that ends at once still gets requests for the seconds until every proxy has
#   heard of it; those requests fail at each roll-out.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
# custom:
#   severity: low
#   remediation: |
#     Wait in a pre-stop hook:
#       lifecycle: {preStop: {sleep: {seconds: 10}}}
#   frameworks:
#     NIST 800-53: [SC-24]
#     SOC 2: [A1.2]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet"]
#   reads: ["$pod.containers[*].name", "$pod.containers[*].ports", "$pod.containers[*].lifecycle"]
package gatehouse.kubernetes.workloads.pre_stop

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

# The path is the container: its ports decide as much as its hook.
deny contains {"path": c.path, "message": sprintf("container %q serves a port and stops without waiting", [workloads.name(c)])} if {
	some c in pods.main
	not object.get(c.container, "ports", null) in [null, []]
	object.get(c.container, ["lifecycle", "preStop"], null) in [null, {}]
}

# METADATA
# title: Containers keep no terminal open
# description: >-
#   A terminal is for people: in a pod that serves it is left over from looking for a fault,
#   and a shell that waits for whoever attaches to it.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   severity: low
#   remediation: |
#     Leave stdin and tty out:
#       containers: [{name: app, stdin: false, tty: false}]
#   frameworks:
#     NIST 800-53: [CM-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].stdin
#   - $pod.containers[*].tty
#   - $pod.initContainers[*].stdin
#   - $pod.initContainers[*].tty
package gatehouse.kubernetes.pods.interactive

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, [key]), "message": sprintf("%s is on", [key])} if {
	some c in pods.containers
	some key in ["stdin", "tty"]
	value := c.container[key]
	not value in {false, null}
	not "ephemeralContainers" in c.path
}

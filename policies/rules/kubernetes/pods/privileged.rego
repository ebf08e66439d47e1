# METADATA
# title: Containers are not privileged
# description: >-
#   A privileged container has every capability and all devices of its node: whoever breaks
#   into it has the node, and with it the secrets of every pod there.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: critical
#   remediation: |
#     Leave privileged out, and give what is really needed as a capability:
#       securityContext: {privileged: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
#   frameworks:
#     PSS: ["baseline: Privileged Containers"]
#     CIS EKS: ["4.2.1"]
#     NIST 800-53: [AC-6, SC-39]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.privileged
#   - $pod.initContainers[*].securityContext.privileged
#   - $pod.ephemeralContainers[*].securityContext.privileged
package gatehouse.kubernetes.pods.privileged

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["securityContext", "privileged"]), "message": "the container is privileged"} if {
	some c in pods.containers
	value := c.container.securityContext.privileged
	not value in {false, null}
}

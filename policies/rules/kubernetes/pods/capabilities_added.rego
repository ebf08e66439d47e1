# METADATA
# title: Containers add ordinary capabilities at most
# description: >-
#   Each capability beyond those of the baseline standard is a piece of the rights of root
#   on the node, and a way out of the container.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Drop all capabilities and add the few that the program needs:
#       securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
#   frameworks:
#     PSS: ["baseline: Capabilities"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.capabilities.add
#   - $pod.initContainers[*].securityContext.capabilities.add
#   - $pod.ephemeralContainers[*].securityContext.capabilities.add
#   parameters:
#     allowed:
#       type: array
#       items: {type: string, pattern: "^[A-Z0-9_]+$"}
#       default: []
#       description: Capabilities, without CAP_, that may be added besides those of the baseline standard.
package gatehouse.kubernetes.pods.capabilities_added

import data.gatehouse.lib.security

deny contains {"path": added.path, "message": sprintf("capability %s is added", [added.name])} if {
	some added in security.added
	not added.name in security.ordinary
	not added.name in security.powerful
	not added.name in data.parameters["kubernetes-pods-capabilities-added"].allowed
}

# METADATA
# title: Containers add no capability but NET_BIND_SERVICE
# description: >-
#   What drops all capabilities and takes CHOWN, SETUID or DAC_OVERRIDE back can still
#   become another user and read what belongs to others.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Add nothing, or only the right to listen below 1024:
#       securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
#   frameworks:
#     PSS: ["restricted: Capabilities"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.capabilities.add
#   - $pod.initContainers[*].securityContext.capabilities.add
#   - $pod.ephemeralContainers[*].securityContext.capabilities.add
#   - $pod.os
package gatehouse.kubernetes.pods.capabilities_restricted

import data.gatehouse.lib.security

deny contains {"path": added.path, "message": sprintf("capability %s is added", [added.name])} if {
	some added in security.added
	added.name in security.ordinary
	added.name != "NET_BIND_SERVICE"
	not security.windows
}

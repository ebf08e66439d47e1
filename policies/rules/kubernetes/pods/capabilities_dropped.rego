# METADATA
# title: Containers drop all capabilities
# description: >-
#   Runtimes give every container some fourteen capabilities that hardly any program needs;
#   those that it has are those that an intruder has.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Drop all; a program that listens below 1024 may have one back:
#       securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
#   frameworks:
#     PSS: ["restricted: Capabilities"]
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.capabilities.drop
#   - $pod.initContainers[*].securityContext.capabilities.drop
#   - $pod.ephemeralContainers[*].securityContext.capabilities.drop
#   - $pod.os
package gatehouse.kubernetes.pods.capabilities_dropped

import data.gatehouse.lib.pods
import data.gatehouse.lib.security

deny contains {"path": pods.at(c, ["securityContext", "capabilities", "drop"]), "message": "not all capabilities are dropped"} if {
	some c in security.linux
	not security.drops_all(c)
}

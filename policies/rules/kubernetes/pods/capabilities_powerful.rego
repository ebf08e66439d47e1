# METADATA
# title: Containers do not add capabilities that give the node away
# description: >-
#   With SYS_ADMIN, SYS_PTRACE, BPF and their like a container can leave its walls; with
#   NET_ADMIN and NET_RAW it can reroute and forge the traffic of its neighbours.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: critical
#   remediation: |
#     Take the capability away; what needs it belongs on nodes of its own, in a namespace of its own:
#       securityContext: {capabilities: {drop: [ALL]}}
#   frameworks:
#     PSS: ["baseline: Capabilities"]
#     NIST 800-53: [AC-6, SC-39]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.capabilities.add
#   - $pod.initContainers[*].securityContext.capabilities.add
#   - $pod.ephemeralContainers[*].securityContext.capabilities.add
package gatehouse.kubernetes.pods.capabilities_powerful

import data.gatehouse.lib.security

deny contains {"path": added.path, "message": sprintf("capability %s is added", [added.name])} if {
	some added in security.added
	added.name in security.powerful
}

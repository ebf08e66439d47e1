# METADATA
# title: Containers do not take the user 0
# description: >-
#   User 0 is root: with it the container owns what the image contains, and the node's files
#   wherever one is mounted.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Take a user of your own:
#       securityContext: {runAsUser: 1000}
#   frameworks:
#     PSS: ["restricted: Running as Non-root user"]
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.runAsUser
#   - $pod.containers[*].securityContext.runAsUser
#   - $pod.initContainers[*].securityContext.runAsUser
#   - $pod.ephemeralContainers[*].securityContext.runAsUser
package gatehouse.kubernetes.pods.run_as_user

import data.gatehouse.lib.security

deny contains {"path": array.concat(s.path, ["runAsUser"]), "message": "the user is 0"} if {
	some s in security.contexts
	s.context.runAsUser in {0, "0"}
}

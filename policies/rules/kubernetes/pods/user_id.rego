# METADATA
# title: Containers take no user of the node
# description: >-
#   Small numbers are the system users of the node: one that gets out of its container, or
#   meets its files in a volume, is one of them.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   severity: low
#   remediation: |
#     Take a number that no system user has:
#       securityContext: {runAsUser: 1000}
#   frameworks:
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.runAsUser
#   - $pod.containers[*].securityContext.runAsUser
#   - $pod.initContainers[*].securityContext.runAsUser
#   - $pod.ephemeralContainers[*].securityContext.runAsUser
#   parameters:
#     least:
#       type: integer
#       minimum: 1
#       default: 1000
#       description: The smallest number that a user may have.
package gatehouse.kubernetes.pods.user_id

import data.gatehouse.lib.security

deny contains {"path": array.concat(s.path, ["runAsUser"]), "message": sprintf("the user %v is under %v", [user, least])} if {
	least := data.parameters["kubernetes-pods-user-id"].least
	some s in security.contexts
	user := s.context.runAsUser
	user > 0
	user < least
}

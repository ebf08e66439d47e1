# METADATA
# title: Containers cannot gain privileges
# description: >-
#   While escalation is allowed, and it is unless said otherwise, one setuid program in the
#   image makes an intruder root.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Say no in every container:
#       securityContext: {allowPrivilegeEscalation: false}
#   frameworks:
#     PSS: ["restricted: Privilege Escalation"]
#     CIS EKS: ["4.2.5"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.allowPrivilegeEscalation
#   - $pod.initContainers[*].securityContext.allowPrivilegeEscalation
#   - $pod.ephemeralContainers[*].securityContext.allowPrivilegeEscalation
#   - $pod.os
package gatehouse.kubernetes.pods.privilege_escalation

import data.gatehouse.lib.pods
import data.gatehouse.lib.security

deny contains {"path": pods.at(c, ["securityContext", "allowPrivilegeEscalation"]), "message": "the container can gain privileges"} if {
	some c in security.linux
	not c.container.securityContext.allowPrivilegeEscalation == false
}

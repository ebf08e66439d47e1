# METADATA
# title: Containers have a seccomp profile
# description: >-
#   Unless the kubelet is told otherwise, a container without a profile has no filter at
#   all.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Say it once for the pod:
#       spec: {securityContext: {seccompProfile: {type: RuntimeDefault}}}
#   frameworks:
#     PSS: ["restricted: Seccomp"]
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.seccompProfile
#   - $pod.containers[*].name
#   - $pod.initContainers[*].name
#   - $pod.ephemeralContainers[*].name
#   - $pod.containers[*].securityContext.seccompProfile
#   - $pod.initContainers[*].securityContext.seccompProfile
#   - $pod.ephemeralContainers[*].securityContext.seccompProfile
#   - $pod.os
package gatehouse.kubernetes.pods.seccomp

import data.gatehouse.lib.security

deny contains {"path": security.decider(c, "seccompProfile"), "message": sprintf("container %v has no seccomp profile", [object.get(c.container, "name", "")])} if {
	some c in security.linux
	not c.container.securityContext.seccompProfile.type
	not set(c)
}

set(c) if security.setting(c, "seccompProfile").type

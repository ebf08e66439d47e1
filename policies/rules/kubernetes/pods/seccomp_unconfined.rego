# METADATA
# title: Pods do not turn seccomp off
# description: >-
#   Without a filter every system call of the kernel is open to the container, with the
#   holes of all of them.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Take the profile of the runtime:
#       securityContext: {seccompProfile: {type: RuntimeDefault}}
#   frameworks:
#     PSS: ["baseline: Seccomp"]
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.seccompProfile.type
#   - $pod.containers[*].securityContext.seccompProfile.type
#   - $pod.initContainers[*].securityContext.seccompProfile.type
#   - $pod.ephemeralContainers[*].securityContext.seccompProfile.type
package gatehouse.kubernetes.pods.seccomp_unconfined

import data.gatehouse.lib.security

deny contains {"path": array.concat(s.path, ["seccompProfile", "type"]), "message": sprintf("the seccomp profile is %v", [type])} if {
	some s in security.contexts
	type := s.context.seccompProfile.type
	not type in {"RuntimeDefault", "Localhost"}
}

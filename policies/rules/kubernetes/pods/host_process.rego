# METADATA
# title: Pods do not run as processes of a Windows host
# description: >-
#   A HostProcess container is no container: it runs with the rights of the node itself.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: critical
#   remediation: |
#     Leave hostProcess out, or say that it is off:
#       securityContext: {windowsOptions: {hostProcess: false}}
#   frameworks:
#     PSS: ["baseline: HostProcess"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.windowsOptions.hostProcess
#   - $pod.containers[*].securityContext.windowsOptions.hostProcess
#   - $pod.initContainers[*].securityContext.windowsOptions.hostProcess
#   - $pod.ephemeralContainers[*].securityContext.windowsOptions.hostProcess
package gatehouse.kubernetes.pods.host_process

import data.gatehouse.lib.security

deny contains {"path": array.concat(s.path, ["windowsOptions", "hostProcess"]), "message": "hostProcess is on"} if {
	some s in security.contexts
	value := s.context.windowsOptions.hostProcess
	not value in {false, null}
}

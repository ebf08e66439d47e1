# METADATA
# title: Containers have a masked /proc
# description: >-
#   Runtimes hide the parts of /proc that change the kernel or give it away; an unmasked one
#   shows them again.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Leave procMount out, or say Default:
#       securityContext: {procMount: Default}
#   frameworks:
#     PSS: ["baseline: /proc Mount Type"]
#     NIST 800-53: [AC-6, SC-39]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.procMount
#   - $pod.initContainers[*].securityContext.procMount
#   - $pod.ephemeralContainers[*].securityContext.procMount
package gatehouse.kubernetes.pods.proc_mount

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["securityContext", "procMount"]), "message": sprintf("procMount is %v", [kind])} if {
	some c in pods.containers
	kind := c.container.securityContext.procMount
	not kind in {"Default", null}
}

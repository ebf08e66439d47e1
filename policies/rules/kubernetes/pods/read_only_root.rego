# METADATA
# title: Containers cannot write to their image
# description: >-
#   Whoever can write to the root of a container can leave tools there and replace the
#   program that runs.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   severity: medium
#   remediation: |
#     Make the root read-only and give the program a directory to write to:
#       securityContext: {readOnlyRootFilesystem: true}
#       volumeMounts: [{name: tmp, mountPath: /tmp}]
#   frameworks:
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6, SI-7]
#     SOC 2: [CC6.8]
#     ISO 27001: [A.8.9]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].securityContext.readOnlyRootFilesystem
#   - $pod.initContainers[*].securityContext.readOnlyRootFilesystem
#   - $pod.ephemeralContainers[*].securityContext.readOnlyRootFilesystem
#   - $pod.os
package gatehouse.kubernetes.pods.read_only_root

import data.gatehouse.lib.pods
import data.gatehouse.lib.security

deny contains {"path": pods.at(c, ["securityContext", "readOnlyRootFilesystem"]), "message": "the root file system can be written to"} if {
	some c in security.linux
	not c.container.securityContext.readOnlyRootFilesystem == true
}

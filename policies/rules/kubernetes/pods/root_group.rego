# METADATA
# title: Containers are not in the group 0
# description: >-
#   Files of root are often open to its group: who is in it reads and changes them without
#   being root.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   severity: medium
#   remediation: |
#     Take a group of your own, for files too:
#       spec: {securityContext: {runAsGroup: 1000, fsGroup: 1000}}
#   frameworks:
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.securityContext.runAsGroup
#   - $pod.containers[*].securityContext.runAsGroup
#   - $pod.initContainers[*].securityContext.runAsGroup
#   - $pod.ephemeralContainers[*].securityContext.runAsGroup
#   - $pod.securityContext.fsGroup
#   - $pod.securityContext.supplementalGroups
package gatehouse.kubernetes.pods.root_group

import data.gatehouse.lib.pods
import data.gatehouse.lib.security

deny contains {"path": array.concat(s.path, ["runAsGroup"]), "message": "the group is 0"} if {
	some s in security.contexts
	s.context.runAsGroup in {0, "0"}
}

deny contains {"path": array.concat(pods.path, ["securityContext", "fsGroup"]), "message": "the group of the volumes is 0"} if {
	pods.spec.securityContext.fsGroup in {0, "0"}
}

deny contains {"path": array.concat(pods.path, ["securityContext", "supplementalGroups", i]), "message": "a further group is 0"} if {
	some i, group in pods.spec.securityContext.supplementalGroups
	group in {0, "0"}
}

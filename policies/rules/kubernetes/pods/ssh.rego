# METADATA
# title: Containers do not serve SSH
# description: >-
#   Who logs into a container goes past the audit log of the API, and its keys are another
#   way in that nobody looks after.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   severity: medium
#   remediation: |
#     Take the server out of the image; kubectl exec and kubectl debug are authorised and logged:
#       ports: [{name: http, containerPort: 8080}]
#   frameworks:
#     NIST 800-53: [CM-7, AC-17]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.9]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].ports[*].containerPort
#   - $pod.initContainers[*].ports[*].containerPort
#   - $pod.ephemeralContainers[*].ports[*].containerPort
#   - $pod.containers[*].ports[*].name
#   - $pod.initContainers[*].ports[*].name
#   - $pod.ephemeralContainers[*].ports[*].name
package gatehouse.kubernetes.pods.ssh

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["ports", i, "containerPort"]), "message": "port 22 is that of SSH"} if {
	some c in pods.containers
	c.container.ports[i].containerPort in {22, "22"}
}

deny contains {"path": pods.at(c, ["ports", i, "name"]), "message": sprintf("port %s is one of SSH", [name])} if {
	some c in pods.containers
	name := c.container.ports[i].name
	name in {"ssh", "sshd", "sftp"}
}

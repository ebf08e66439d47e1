# METADATA
# title: Containers take no port of their node
# description: >-
#   A port of the node goes past Services, ingress and network policies, and only one pod of
#   a node can have it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Leave hostPort out and put a Service before the pod:
#       ports: [{name: http, containerPort: 8080}]
#   frameworks:
#     PSS: ["baseline: Host Ports"]
#     NIST 800-53: [CM-7, SC-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.containers[*].ports[*].hostPort
#   - $pod.initContainers[*].ports[*].hostPort
#   - $pod.ephemeralContainers[*].ports[*].hostPort
#   parameters:
#     allowed:
#       type: array
#       items: {type: integer, minimum: 1, maximum: 65535}
#       default: []
#       description: Ports of the node that pods may take.
package gatehouse.kubernetes.pods.host_ports

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["ports", i, "hostPort"]), "message": sprintf("port %v of the node is taken", [port])} if {
	some c in pods.containers
	port := c.container.ports[i].hostPort
	not port in {0, null}
	not port in data.parameters["kubernetes-pods-host-ports"].allowed
}

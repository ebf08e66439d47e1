# METADATA
# title: Pods do not share the node's network
# description: >-
#   On the network of its node a pod hears the traffic of its neighbours, reaches what
#   listens on localhost and the role of the node, and no NetworkPolicy holds for it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Leave hostNetwork out of the pod spec, or say that it is off:
#       spec: {hostNetwork: false}
#   frameworks:
#     PSS: ["baseline: Host Namespaces"]
#     CIS EKS: ["4.2.4"]
#     NIST 800-53: [SC-7, CM-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.hostNetwork
package gatehouse.kubernetes.pods.host_network

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["hostNetwork"]), "message": "the pod shares the node's network"} if {
	value := pods.spec.hostNetwork
	not value in {false, null}
}

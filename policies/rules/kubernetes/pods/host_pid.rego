# METADATA
# title: Pods do not share the node's processes
# description: >-
#   A pod that sees the processes of its node can read their environment, and with it their
#   secrets, and can end them.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Leave hostPID out of the pod spec, or say that it is off:
#       spec: {hostPID: false}
#   frameworks:
#     PSS: ["baseline: Host Namespaces"]
#     CIS EKS: ["4.2.2"]
#     NIST 800-53: [AC-6, SC-39]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.hostPID
package gatehouse.kubernetes.pods.host_pid

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["hostPID"]), "message": "the pod shares the node's processes"} if {
	value := pods.spec.hostPID
	not value in {false, null}
}

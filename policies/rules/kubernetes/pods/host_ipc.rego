# METADATA
# title: Pods do not share the node's shared memory
# description: >-
#   Shared memory of the node lets a pod read and change what other processes keep there.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Leave hostIPC out of the pod spec, or say that it is off:
#       spec: {hostIPC: false}
#   frameworks:
#     PSS: ["baseline: Host Namespaces"]
#     CIS EKS: ["4.2.3"]
#     NIST 800-53: [AC-6, SC-39]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.hostIPC
package gatehouse.kubernetes.pods.host_ipc

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["hostIPC"]), "message": "the pod shares the node's shared memory"} if {
	value := pods.spec.hostIPC
	not value in {false, null}
}

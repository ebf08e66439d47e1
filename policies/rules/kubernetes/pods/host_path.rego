# METADATA
# title: Pods mount nothing of their node
# description: >-
#   A directory of the node outlives the pod, is shared with whoever runs there, and often
#   holds what gives the node away: logs, kubelet credentials, other pods' volumes.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   remediation: |
#     Use a volume that belongs to the pod:
#       volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
#       volumes: [{name: scratch, emptyDir: {sizeLimit: 1Gi}}]
#   frameworks:
#     PSS: ["baseline: HostPath Volumes"]
#     NIST 800-53: [AC-6, SC-39]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.volumes[*].name
#   - $pod.volumes[*].hostPath
package gatehouse.kubernetes.pods.host_path

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["volumes", i, "hostPath"]), "message": sprintf("volume %v is a directory of the node", [object.get(pods.spec.volumes[i], "name", "")])} if {
	source := pods.spec.volumes[i].hostPath
	source != null
}

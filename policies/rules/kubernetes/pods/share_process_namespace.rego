# METADATA
# title: Containers of a pod do not see each other's processes
# description: >-
#   With shared processes a sidecar reads the environment of the program, its secrets and,
#   through /proc, its files.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
# custom:
#   severity: medium
#   remediation: |
#     Leave shareProcessNamespace out; to look into a running pod use kubectl debug --target:
#       spec: {shareProcessNamespace: false}
#   frameworks:
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [SC-39, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.shareProcessNamespace
package gatehouse.kubernetes.pods.share_process_namespace

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["shareProcessNamespace"]), "message": "containers share their processes"} if {
	value := pods.spec.shareProcessNamespace
	not value in {false, null}
}

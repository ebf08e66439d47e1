# METADATA
# title: What pods mount of their node they only read
# description: >-
#   Where a pod must see a directory of its node, writing there changes the node: a log
#   agent needs to read, and nothing more.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
# custom:
#   severity: medium
#   remediation: |
#     Mount it read-only in every container:
#       volumeMounts: [{name: logs, mountPath: /var/log, readOnly: true}]
#   frameworks:
#     CIS EKS: ["4.5.2"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.volumes[*].hostPath
#   - $pod.volumes[*].name
#   - $pod.containers[*].volumeMounts[*].name
#   - $pod.initContainers[*].volumeMounts[*].name
#   - $pod.ephemeralContainers[*].volumeMounts[*].name
#   - $pod.containers[*].volumeMounts[*].readOnly
#   - $pod.initContainers[*].volumeMounts[*].readOnly
#   - $pod.ephemeralContainers[*].volumeMounts[*].readOnly
package gatehouse.kubernetes.pods.host_path_read_only

import data.gatehouse.lib.pods

deny contains {"path": pods.at(c, ["volumeMounts", i, "readOnly"]), "message": sprintf("volume %s of the node is mounted to be written to", [mount.name])} if {
	count(of_node) > 0
	some c in pods.containers
	some i, mount in c.container.volumeMounts
	mount.name in of_node
	not object.get(mount, "readOnly", false) == true
}

of_node := {volume.name |
	some volume in pods.spec.volumes
	volume.hostPath != null
}

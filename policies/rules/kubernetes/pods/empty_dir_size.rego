# METADATA
# title: Scratch directories have a limit
# description: >-
#   A scratch directory without a limit fills the disk of the node, or its memory, and the
#   kubelet evicts the neighbours too.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
# custom:
#   severity: low
#   remediation: |
#     Say how much it may hold:
#       volumes: [{name: tmp, emptyDir: {sizeLimit: 256Mi}}]
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.volumes[*].name
#   - $pod.volumes[*].emptyDir
package gatehouse.kubernetes.pods.empty_dir_size

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["volumes", i, "emptyDir", "sizeLimit"]), "message": sprintf("scratch directory %v has no limit", [object.get(pods.spec.volumes[i], "name", "")])} if {
	scratch := pods.spec.volumes[i].emptyDir
	is_object(scratch)
	object.get(scratch, "sizeLimit", 0) in {0, "0", "", null}
}

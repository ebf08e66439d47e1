# METADATA
# title: Persistent volumes are no folders of a node
# description: >-
#   A folder of a node gives its pods the node's files, ties them to it, and is gone when
#   the node is.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
# custom:
#   severity: high
#   remediation: |
#     Use a CSI driver, through a claim:
#       spec: {csi: {driver: efs.csi.aws.com, volumeHandle: fs-…}}
#   frameworks:
#     NIST 800-53: [AC-6, CP-9]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#     Guide: ["deployment: Configure persistent volumes for data"]
#   resource_types: ["kubernetes:core/*:PersistentVolume"]
#   reads: [spec.hostPath, spec.local]
package gatehouse.kubernetes.storage.node_volumes

deny contains {"path": ["spec", source], "message": sprintf("the volume is a %s of one node", [what])} if {
	some source, what in {"hostPath": "folder", "local": "disk"}
	is_object(input.properties.spec[source])
}

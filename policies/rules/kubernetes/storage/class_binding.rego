# METADATA
# title: Volumes are made in the zone of their pod
# description: >-
#   A volume of one zone that is made before its pod is placed may lie in a zone where the
#   pod cannot run.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
# custom:
#   severity: medium
#   remediation: |
#     Wait for the pod:
#       volumeBindingMode: WaitForFirstConsumer
#   frameworks:
#     NIST 800-53: [CP-10, SC-36]
#     SOC 2: [A1.2]
#     Guide: ["readiness: Storage Classes"]
#   resource_types: ["kubernetes:storage.k8s.io/*:StorageClass"]
#   reads: [provisioner, volumeBindingMode, allowedTopologies]
package gatehouse.kubernetes.storage.class_binding

# The provisioner and the allowed zones decide as well: the path is above all.
deny contains {"path": [], "message": "volumes are made before their pod is placed"} if {
	input.properties.provisioner in {"ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"}
	object.get(input.properties, "volumeBindingMode", "Immediate") in ["Immediate", null]
	object.get(input.properties, "allowedTopologies", null) in [null, []]
}

# METADATA
# title: Volumes can grow
# description: >-
#   A full disk stops the database; without expansion the way out is to copy everything to
#   a larger one.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/storage-classes/#allow-volume-expansion
# custom:
#   severity: low
#   remediation: |
#     Allow it; this changes nothing until somebody asks for more:
#       allowVolumeExpansion: true
#   frameworks:
#     NIST 800-53: [CP-2, AU-4]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Storage Classes"]
#   resource_types: ["kubernetes:storage.k8s.io/*:StorageClass"]
#   reads: [provisioner, allowVolumeExpansion]
package gatehouse.kubernetes.storage.class_expansion

# File systems that grow by themselves, and volumes that are made by hand.
elastic := {"efs.csi.aws.com", "kubernetes.io/no-provisioner"}

deny contains {"path": [], "message": "volumes cannot grow"} if {
	not input.properties.provisioner in elastic
	not object.get(input.properties, "allowVolumeExpansion", false) in [true, "true"]
}

remedy contains {"path": ["allowVolumeExpansion"], "value": true}

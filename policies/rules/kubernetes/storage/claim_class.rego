# METADATA
# title: Volume claims name their storage class
# description: >-
#   What the default class is differs between clusters and changes with time; so do
#   encryption, speed and price of the data.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1
# custom:
#   severity: low
#   remediation: |
#     Name the class:
#       spec: {storageClassName: gatehouse-gp3}
#   frameworks:
#     NIST 800-53: [CM-6, SC-28]
#     SOC 2: [CC6.1]
#     Guide: ["readiness: Storage Classes", "deployment: Configure persistent volumes for data"]
#   resource_types: ["kubernetes:core/*:PersistentVolumeClaim", "kubernetes:apps/*:StatefulSet"]
#   reads: [spec.storageClassName, spec.volumeName, "spec.volumeClaimTemplates[*].spec"]
package gatehouse.kubernetes.storage.claim_class

# A claim that is bound by hand has an empty class and names its volume.
deny contains {"path": ["spec"], "message": "no storage class is named"} if {
	endswith(input.type, ":PersistentVolumeClaim")
	unclassed(object.get(input.properties, "spec", {}))
}

deny contains {"path": ["spec", "volumeClaimTemplates", i, "spec"], "message": "no storage class is named"} if {
	some i, claim in input.properties.spec.volumeClaimTemplates
	is_object(claim)
	unclassed(object.get(claim, "spec", {}))
}

unclassed(spec) if {
	object.get(spec, "storageClassName", "") in ["", null]
	object.get(spec, "volumeName", "") == ""
}

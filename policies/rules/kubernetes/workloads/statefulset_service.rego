# METADATA
# title: StatefulSets keep an identity and their data
# description: >-
#   The names of the pods of a set come from its governing service; without one they do
#   not resolve. Deleting the claims with the set deletes the data.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
# custom:
#   severity: medium
#   remediation: |
#     Name a headless Service, and keep the claims:
#       spec: {serviceName: web, persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}}
#   frameworks:
#     NIST 800-53: [CP-9, SC-24]
#     SOC 2: [A1.2]
#   resource_types: ["kubernetes:apps/*:StatefulSet"]
#   reads: [spec.serviceName, spec.persistentVolumeClaimRetentionPolicy]
package gatehouse.kubernetes.workloads.statefulset_service

deny contains {"path": ["spec", "serviceName"], "message": "no governing service is named"} if {
	object.get(input.properties, ["spec", "serviceName"], "") in ["", null]
}

deny contains {"path": ["spec", "persistentVolumeClaimRetentionPolicy", moment], "message": "claims are deleted with their data"} if {
	some moment, policy in input.properties.spec.persistentVolumeClaimRetentionPolicy
	policy == "Delete"
}

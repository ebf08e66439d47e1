# METADATA
# title: Keys wait before they are deleted
# description: >-
#   What a deleted key has encrypted is lost for good. The waiting period is the
#   time to notice.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# custom:
#   severity: medium
#   remediation: |
#     Leave the window at its default of 30 days, or set it:
#       kms.KeyArgs{DeletionWindowInDays: pulumi.Int(30)}
#   frameworks:
#     NIST 800-53: [CP-9, SC-12]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.24]
#   resource_types:
#   - aws:kms/key:Key
#   - aws:kms/replicaKey:ReplicaKey
#   - aws:kms/externalKey:ExternalKey
#   reads: [deletionWindowInDays]
#   parameters:
#     days:
#       type: integer
#       minimum: 7
#       maximum: 30
#       default: 14
#       description: "The shortest waiting period in days"
package gatehouse.aws.kms.deletion_window

deny contains {
	"path": ["deletionWindowInDays"],
	"message": sprintf("a deleted key is gone after %v days; %d are required", [days, data.parameters["aws-kms-deletion-window"].days]),
} if {
	days := input.properties.deletionWindowInDays
	to_number(days) < data.parameters["aws-kms-deletion-window"].days
}

remedy contains {"path": ["deletionWindowInDays"], "value": data.parameters["aws-kms-deletion-window"].days}

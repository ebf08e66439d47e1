# METADATA
# title: EBS snapshots cannot be made public
# description: >-
#   One attribute on one snapshot gives the disk to every account; the block for
#   the region leaves no such attribute.
# related_resources:
# - ref: https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
# custom:
#   severity: high
#   remediation: |
#     Block all sharing:
#       ebs.SnapshotBlockPublicAccessArgs{State: pulumi.String("block-all-sharing")}
#   frameworks:
#     NIST 800-53: [AC-3, AC-4]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess']
#   reads: [state]
#   parameters:
#     states:
#       type: array
#       items: {enum: [block-all-sharing, block-new-sharing]}
#       minItems: 1
#       default: [block-all-sharing]
#       description: The states that are allowed; block-new-sharing leaves public what is public already.
package gatehouse.aws.ebs.snapshots_not_public

deny contains {"path": ["state"], "message": message} if {
	not object.get(input.properties, "state", null) in data.parameters["aws-ebs-snapshots-not-public"].states
	message := sprintf("the state is %s", [object.get(input.properties, "state", "not set")])
}

# METADATA
# title: EBS volumes and copies of snapshots are encrypted
# description: >-
#   A volume that is not encrypted makes snapshots that anybody who is given one
#   can mount and read.
# related_resources:
# - ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
# custom:
#   severity: high
#   remediation: |
#     Set it at creation; an existing volume must be made anew from an encrypted copy of a snapshot:
#       ebs.VolumeArgs{Encrypted: pulumi.Bool(true), KmsKeyId: key.Arn}
#   frameworks:
#     CIS AWS: [2.2.1]
#     NIST 800-53: [SC-28, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ['deployment: Configure persistent volumes for data']
#   resource_types: ['aws:ebs/volume:Volume', 'aws:ebs/snapshotCopy:SnapshotCopy']
#   reads: [encrypted]
package gatehouse.aws.ebs.encrypted

deny contains {"path": ["encrypted"], "message": "the disk is not encrypted"} if {
	not object.get(input.properties, "encrypted", null) in {true, "true"}
}

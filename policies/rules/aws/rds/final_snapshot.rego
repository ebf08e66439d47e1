# METADATA
# title: RDS leaves a snapshot behind
# description: >-
#   Automated backups go with the instance; without a final snapshot a deletion
#   cannot be taken back.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
# custom:
#   severity: medium
#   remediation: |
#     Name a final snapshot and do not skip it:
#       rds.InstanceArgs{SkipFinalSnapshot: pulumi.Bool(false), FinalSnapshotIdentifier: pulumi.String("portal-final")}
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ['readiness: Backup Strategy']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [skipFinalSnapshot, replicateSourceDb, replicationSourceIdentifier]
package gatehouse.aws.rds.final_snapshot

import data.gatehouse.lib.rds

deny contains {"path": [], "message": "deletion leaves no snapshot behind"} if {
	input.properties.skipFinalSnapshot in {true, "true"}
	not rds.replica
}

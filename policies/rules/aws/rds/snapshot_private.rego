# METADATA
# title: RDS snapshots are not shared with everybody
# description: >-
#   Whoever has an account can restore a public snapshot and read the whole
#   database.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
# custom:
#   severity: critical
#   remediation: |
#     Share with the accounts that need it, by number:
#       rds.SnapshotArgs{SharedAccounts: pulumi.ToStringArray([]string{"111122223333"})}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#     Guide: ['readiness: Data Classification']
#   resource_types:
#   - aws:rds/snapshot:Snapshot
#   - aws:rds/snapshotCopy:SnapshotCopy
#   - aws:rds/clusterSnapshot:ClusterSnapshot
#   reads: [sharedAccounts]
package gatehouse.aws.rds.snapshot_private

deny contains {"path": ["sharedAccounts", i], "message": "the snapshot is shared with everybody"} if {
	some i, account in input.properties.sharedAccounts
	account == "all"
}

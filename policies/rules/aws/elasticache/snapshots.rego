# METADATA
# title: ElastiCache keeps daily snapshots
# description: >-
#   Append-only files are not to be had in ElastiCache; a daily snapshot is what
#   is left after a wrong FLUSHALL.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html
# custom:
#   severity: medium
#   remediation: |
#     Keep a week of snapshots:
#       elasticache.ReplicationGroupArgs{SnapshotRetentionLimit: pulumi.Int(7)}
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ['readiness: Persistence', 'readiness: Backup', 'deployment: Set up backup procedures']
#   resource_types:
#   - aws:elasticache/replicationGroup:ReplicationGroup
#   - aws:elasticache/serverlessCache:ServerlessCache
#   - aws:elasticache/cluster:Cluster
#   reads: [snapshotRetentionLimit, engine, replicationGroupId, globalReplicationGroupId]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 35
#       default: 7
#       description: The fewest days that snapshots are kept.
package gatehouse.aws.elasticache.snapshots

import data.gatehouse.lib.elasticache

deny contains {"path": [], "message": message} if {
	kept := to_number(object.get(input.properties, "snapshotRetentionLimit", 0))
	kept < required
	not elasticache.memcached
	not elasticache.member
	message := sprintf("snapshots are kept for %v days, %v are required", [kept, required])
}

required := data.parameters["aws-elasticache-snapshots"].days

# METADATA
# title: ElastiCache takes minor versions by itself
# description: >-
#   Minor versions are where security fixes of the engine come from; nobody
#   applies them by hand in time.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html
# custom:
#   severity: low
#   remediation: |
#     Leave it on:
#       elasticache.ReplicationGroupArgs{AutoMinorVersionUpgrade: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup', 'aws:elasticache/cluster:Cluster']
#   reads: [autoMinorVersionUpgrade]
package gatehouse.aws.elasticache.minor_upgrades

deny contains {"path": ["autoMinorVersionUpgrade"], "message": "minor versions are not applied"} if {
	input.properties.autoMinorVersionUpgrade in {false, "false"}
}

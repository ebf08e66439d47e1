# METADATA
# title: ElastiCache spreads its nodes over zones
# description: >-
#   A replica in the zone of its primary is lost together with it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
# custom:
#   severity: medium
#   remediation: |
#     Turn it on beside automatic failover, with at least one replica a shard:
#       elasticache.ReplicationGroupArgs{MultiAzEnabled: pulumi.Bool(true), AutomaticFailoverEnabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ['readiness: Redis Cluster']
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup']
#   reads: [multiAzEnabled]
package gatehouse.aws.elasticache.multi_az

deny contains {"path": ["multiAzEnabled"], "message": "replicas may stand in the zone of their primary"} if {
	not object.get(input.properties, "multiAzEnabled", null) in {true, "true"}
}

# METADATA
# title: ElastiCache promotes a replica by itself
# description: >-
#   Without automatic failover a lost primary stays lost until somebody wakes up
#   and promotes a replica by hand.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
# custom:
#   severity: high
#   remediation: |
#     Turn it on; it needs a replica, or cluster mode:
#       elasticache.ReplicationGroupArgs{AutomaticFailoverEnabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ['readiness: Redis Cluster']
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup']
#   reads: [automaticFailoverEnabled]
package gatehouse.aws.elasticache.automatic_failover

deny contains {"path": ["automaticFailoverEnabled"], "message": "no replica takes over by itself"} if {
	not object.get(input.properties, "automaticFailoverEnabled", null) in {true, "true"}
}

# METADATA
# title: Every shard of ElastiCache has a replica
# description: >-
#   A shard without a replica loses its share of the keys with its one node, and
#   the cluster refuses writes until it is back.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html
# custom:
#   severity: medium
#   remediation: |
#     Give each shard a replica:
#       elasticache.ReplicationGroupArgs{NumNodeGroups: pulumi.Int(3), ReplicasPerNodeGroup: pulumi.Int(1)}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ['readiness: Redis Cluster']
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup']
#   reads: [replicasPerNodeGroup, numCacheClusters]
#   parameters:
#     replicas:
#       type: integer
#       minimum: 0
#       maximum: 5
#       default: 1
#       description: The fewest replicas that a shard may have.
package gatehouse.aws.elasticache.replicas

deny contains {"path": [], "message": message} if {
	found := replicas
	found < required
	message := sprintf("a shard has %v replicas, %v are required", [found, required])
}

required := data.parameters["aws-elasticache-replicas"].replicas

# replicas are those of a shard: said outright, or all nodes of the only shard
# but its primary.
replicas := each if {
	each := to_number(input.properties.replicasPerNodeGroup)
} else := nodes - 1 if {
	nodes := to_number(input.properties.numCacheClusters)
} else := 0

# METADATA
# title: ElastiCache takes connections with TLS only
# description: >-
#   Without TLS every session and every password of the cache crosses the network
#   in the clear, and without TLS there is no login at all.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html
# custom:
#   severity: high
#   remediation: |
#     Turn it on, and require it once every client speaks TLS:
#       elasticache.ReplicationGroupArgs{TransitEncryptionEnabled: pulumi.Bool(true), TransitEncryptionMode: pulumi.String("required")}
#   frameworks:
#     NIST 800-53: [SC-8, SC-8(1)]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ['deployment: Enable SSL/TLS certificates']
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup', 'aws:elasticache/cluster:Cluster']
#   reads: [transitEncryptionEnabled, transitEncryptionMode, globalReplicationGroupId, replicationGroupId]
package gatehouse.aws.elasticache.transit_encrypted

import data.gatehouse.lib.elasticache

deny contains {"path": [], "message": "connections without TLS are taken"} if {
	not object.get(input.properties, "transitEncryptionEnabled", null) in {true, "true"}
	not elasticache.member
}

deny contains {"path": ["transitEncryptionMode"], "message": "TLS is preferred and not required"} if {
	input.properties.transitEncryptionMode == "preferred"
}

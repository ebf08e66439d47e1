# METADATA
# title: ElastiCache encrypts its disks and snapshots
# description: >-
#   Snapshots and swapped memory hold sessions and tokens; they are files that
#   somebody can copy.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
# custom:
#   severity: high
#   remediation: |
#     Set it at creation; a change replaces the group:
#       elasticache.ReplicationGroupArgs{AtRestEncryptionEnabled: pulumi.Bool(true), KmsKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-28, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ['readiness: Data Classification']
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup']
#   reads: [atRestEncryptionEnabled, engine, globalReplicationGroupId]
package gatehouse.aws.elasticache.storage_encrypted

import data.gatehouse.lib.elasticache

deny contains {"path": [], "message": "data at rest is not encrypted"} if {
	not object.get(input.properties, "atRestEncryptionEnabled", null) in {true, "true"}
	not elasticache.member
	not default_on
}

# default_on: Valkey is encrypted unless somebody says otherwise.
default_on if {
	elasticache.engine == "valkey"
	not "atRestEncryptionEnabled" in object.keys(input.properties)
}

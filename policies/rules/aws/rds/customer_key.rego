# METADATA
# title: RDS storage has a customer-managed key
# description: >-
#   The key that AWS manages for all of RDS cannot be disabled, narrowed by a key
#   policy or shared with the account that holds the backups.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
# custom:
#   severity: low
#   remediation: |
#     Give the key at creation; a change replaces the instance:
#       rds.InstanceArgs{StorageEncrypted: pulumi.Bool(true), KmsKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-12, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [kmsKeyId, replicateSourceDb, replicationSourceIdentifier]
package gatehouse.aws.rds.customer_key

import data.gatehouse.lib.rds

deny contains {"path": [], "message": "the storage's key is the one that AWS manages"} if {
	object.get(input.properties, "kmsKeyId", "") in {"", null, "alias/aws/rds"}
	not rds.local_replica
}

# METADATA
# title: RDS storage is encrypted
# description: >-
#   Storage that is not encrypted gives every row to whoever gets hold of a
#   snapshot or a disk, and it cannot be encrypted later in place.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
# custom:
#   severity: high
#   remediation: |
#     Set storageEncrypted. An existing instance must be restored from an encrypted copy of a snapshot:
#       rds.InstanceArgs{StorageEncrypted: pulumi.Bool(true), KmsKeyId: key.Arn}
#   frameworks:
#     CIS AWS: [2.3.1]
#     NIST 800-53: [SC-28, SC-28(1)]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ['readiness: Data Classification']
#   resource_types:
#   - aws:rds/instance:Instance
#   - aws:rds/cluster:Cluster
#   - aws:rds/globalCluster:GlobalCluster
#   reads: [storageEncrypted, replicateSourceDb, replicationSourceIdentifier, engineMode]
package gatehouse.aws.rds.storage_encrypted

import data.gatehouse.lib.rds

deny contains {"path": [], "message": "storage is not encrypted"} if {
	not object.get(input.properties, "storageEncrypted", null) in {true, "true"}
	not rds.local_replica
	not always
}

# Aurora Serverless v1 is always encrypted and takes no other answer.
always if {
	input.properties.engineMode == "serverless"
	not "storageEncrypted" in object.keys(input.properties)
}

# METADATA
# title: RDS refuses to be deleted
# description: >-
#   A wrong name in a console or a script deletes a database with one call;
#   protection makes that two.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
# custom:
#   severity: medium
#   remediation: |
#     Set deletionProtection, and let Pulumi refuse too:
#       rds.NewInstance(ctx, "portal", &rds.InstanceArgs{DeletionProtection: pulumi.Bool(true)}, pulumi.Protect(true))
#   frameworks:
#     NIST 800-53: [CP-9, CM-5]
#     SOC 2: [A1.2, CC8.1]
#     ISO 27001: [A.8.32]
#   resource_types:
#   - aws:rds/instance:Instance
#   - aws:rds/cluster:Cluster
#   - aws:rds/globalCluster:GlobalCluster
#   reads: [deletionProtection, replicateSourceDb, replicationSourceIdentifier]
package gatehouse.aws.rds.deletion_protected

import data.gatehouse.lib.rds

deny contains {"path": [], "message": "one call deletes the database"} if {
	not object.get(input.properties, "deletionProtection", null) in {true, "true"}
	not rds.replica
}

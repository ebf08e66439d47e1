# METADATA
# title: RDS keeps automated backups of a deleted database
# description: >-
#   By default the automated backups go with the instance, and with them every
#   point in time but the final snapshot.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Retaining.html
# custom:
#   severity: low
#   remediation: |
#     Keep them to the end of their retention:
#       rds.InstanceArgs{DeleteAutomatedBackups: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [deleteAutomatedBackups, replicateSourceDb, replicationSourceIdentifier]
package gatehouse.aws.rds.automated_backups_outlive

import data.gatehouse.lib.rds

deny contains {"path": [], "message": "automated backups are deleted with the database"} if {
	not object.get(input.properties, "deleteAutomatedBackups", null) in {false, "false"}
	not rds.replica
}

# METADATA
# title: RDS keeps automated backups long enough
# description: >-
#   Point-in-time recovery reaches back as far as automated backups are kept; at 0
#   days there is none at all.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html
# custom:
#   severity: high
#   remediation: |
#     Keep backups for as long as a mistake may go unnoticed, up to 35 days:
#       rds.InstanceArgs{BackupRetentionPeriod: pulumi.Int(35)}
#   frameworks:
#     NIST 800-53: [CP-9, CP-10]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ['readiness: Backup Strategy', 'deployment: Set up backup procedures']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [backupRetentionPeriod, replicateSourceDb, replicationSourceIdentifier]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 35
#       default: 7
#       description: The fewest days that automated backups are kept.
package gatehouse.aws.rds.backup_retention

import data.gatehouse.lib.rds

deny contains {"path": [], "message": message} if {
	kept := to_number(object.get(input.properties, "backupRetentionPeriod", unset))
	kept < required
	not rds.replica
	message := sprintf("automated backups are kept for %v days, %v are required", [kept, required])
}

required := data.parameters["aws-rds-backup-retention"].days

# unset is what AWS does when nothing is said.
unset := 1 if input.type == "aws:rds/cluster:Cluster"

unset := 0 if input.type == "aws:rds/instance:Instance"

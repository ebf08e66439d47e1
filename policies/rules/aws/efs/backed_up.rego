# METADATA
# title: EFS is backed up every day
# description: >-
#   A file that is overwritten in a shared file system is gone for everybody at
#   once.
# related_resources:
# - ref: https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
# custom:
#   severity: medium
#   remediation: |
#     Enable the backup policy, or select the file system in a plan of your own as well:
#       efs.BackupPolicyBackupPolicyArgs{Status: pulumi.String("ENABLED")}
#   frameworks:
#     NIST 800-53: [CP-9]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ['deployment: Set up backup procedures']
#   resource_types: ['aws:efs/backupPolicy:BackupPolicy']
#   reads: [backupPolicy.status]
package gatehouse.aws.efs.backed_up

deny contains {"path": ["backupPolicy", "status"], "message": "automatic backups are off"} if {
	not input.properties.backupPolicy.status == "ENABLED"
}

remedy contains {"path": ["backupPolicy", "status"], "value": "ENABLED"}

# METADATA
# title: RDS changes wait for a chosen window
# description: >-
#   Without a window AWS picks one at random, and a change that is applied at once
#   restarts the database in the middle of the day.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
# custom:
#   severity: low
#   remediation: |
#     Choose a window and let changes wait for it:
#       rds.InstanceArgs{MaintenanceWindow: pulumi.String("sun:02:00-sun:04:00"), ApplyImmediately: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [MA-2, CM-3]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.32]
#     Guide: ['readiness: Maintenance Windows']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [maintenanceWindow, preferredMaintenanceWindow, applyImmediately]
package gatehouse.aws.rds.maintenance_window

deny contains {"path": [key], "message": "AWS chooses the maintenance window"} if {
	object.get(input.properties, key, "") in {"", null}
}

deny contains {"path": ["applyImmediately"], "message": "changes are applied at once"} if {
	input.properties.applyImmediately in {true, "true"}
}

key := "maintenanceWindow" if input.type == "aws:rds/instance:Instance"

key := "preferredMaintenanceWindow" if input.type == "aws:rds/cluster:Cluster"

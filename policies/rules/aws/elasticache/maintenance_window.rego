# METADATA
# title: ElastiCache changes wait for a chosen window
# description: >-
#   Without a window AWS picks one at random, and a change that is applied at once
#   fails nodes over in the middle of the day.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/maintenance-window.html
# custom:
#   severity: low
#   remediation: |
#     Choose a window and let changes wait for it:
#       elasticache.ReplicationGroupArgs{MaintenanceWindow: pulumi.String("sun:02:00-sun:04:00"), ApplyImmediately: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [MA-2, CM-3]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.32]
#     Guide: ['readiness: Maintenance Windows']
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup']
#   reads: [maintenanceWindow, applyImmediately]
package gatehouse.aws.elasticache.maintenance_window

deny contains {"path": ["maintenanceWindow"], "message": "AWS chooses the maintenance window"} if {
	object.get(input.properties, "maintenanceWindow", "") in {"", null}
}

deny contains {"path": ["applyImmediately"], "message": "changes are applied at once"} if {
	input.properties.applyImmediately in {true, "true"}
}

# METADATA
# title: DynamoDB can be restored to any second
# description: >-
#   A wrong batch write is everywhere within milliseconds; without point-in-time
#   recovery the table as it was is gone.
# related_resources:
# - ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
# custom:
#   severity: high
#   remediation: |
#     Enable it for the table and its replicas:
#       dynamodb.TablePointInTimeRecoveryArgs{Enabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [CP-9, CP-10]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.13]
#     Guide: ['readiness: Backup Strategy']
#   resource_types: ['aws:dynamodb/table:Table']
#   reads: [pointInTimeRecovery.enabled, 'replicas[*].pointInTimeRecovery']
package gatehouse.aws.dynamodb.point_in_time_recovery

deny contains {"path": ["pointInTimeRecovery", "enabled"], "message": "point-in-time recovery is off"} if {
	not object.get(input.properties, ["pointInTimeRecovery", "enabled"], null) in {true, "true"}
}

deny contains {"path": ["replicas", i, "pointInTimeRecovery"], "message": "point-in-time recovery of the replica is off"} if {
	some i, replica in input.properties.replicas
	is_object(replica)
	not object.get(replica, "pointInTimeRecovery", null) in {true, "true"}
}

remedy contains {"path": ["pointInTimeRecovery", "enabled"], "value": true}

remedy contains {"path": ["replicas", i, "pointInTimeRecovery"], "value": true} if {
	some i, _ in input.properties.replicas
}

# METADATA
# title: ElastiCache delivers its engine log and slow log
# description: >-
#   Failovers, full memory and slow commands show in these logs and nowhere else,
#   and ElastiCache does not keep them.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html
# custom:
#   severity: low
#   remediation: |
#     Deliver both to CloudWatch:
#       elasticache.ReplicationGroupLogDeliveryConfigurationArgs{LogType: pulumi.String("engine-log"), LogFormat: pulumi.String("json"), DestinationType: pulumi.String("cloudwatch-logs"), Destination: group.Name}
#   frameworks:
#     NIST 800-53: [AU-2, AU-12, SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ['readiness: Monitoring']
#   resource_types: ['aws:elasticache/replicationGroup:ReplicationGroup']
#   reads: ['logDeliveryConfigurations[*].logType']
package gatehouse.aws.elasticache.logs_delivered

deny contains {"path": ["logDeliveryConfigurations"], "message": message} if {
	some log in ["engine-log", "slow-log"]
	not log in delivered
	message := sprintf("the %s is not delivered", [log])
}

delivered := {d.logType | some d in input.properties.logDeliveryConfigurations}

# METADATA
# title: Log groups say how long they keep logs
# description: >-
#   Logs that vanish too soon cannot explain an incident; those that are kept
#   for ever cost money and break promises about personal data.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
# custom:
#   severity: medium
#   remediation: |
#     Set a retention that CloudWatch knows (30, 60, 90, … 365, 400):
#       cloudwatch.LogGroupArgs{RetentionInDays: pulumi.Int(365)}
#   frameworks:
#     NIST 800-53: [AU-11, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Retention Policies"]
#   resource_types:
#   - aws:cloudwatch/logGroup:LogGroup
#   reads: [retentionInDays]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 3653
#       default: 30
#       description: "Days for which logs are kept at least"
package gatehouse.aws.logs.retention

deny contains {"path": ["retentionInDays"], "message": problem}

problem := "logs are kept for ever" if {
	days == 0
} else := sprintf("logs are kept for %v days; %d are required", [days, data.parameters["aws-logs-retention"].days]) if {
	days < data.parameters["aws-logs-retention"].days
}

days := to_number(object.get(input.properties, "retentionInDays", 0))

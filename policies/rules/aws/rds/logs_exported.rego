# METADATA
# title: RDS sends its logs to CloudWatch
# description: >-
#   Logs on the instance are gone after days, and with the instance at once;
#   failed logins and slow queries are then nowhere.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
# custom:
#   severity: medium
#   remediation: |
#     Export the engine's main log:
#       rds.InstanceArgs{EnabledCloudwatchLogsExports: pulumi.ToStringArray([]string{"postgresql", "upgrade"})}
#   frameworks:
#     NIST 800-53: [AU-2, AU-4, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ['readiness: Audit Logging']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [enabledCloudwatchLogsExports, engine]
#   parameters:
#     logs:
#       type: object
#       additionalProperties: {type: string}
#       default: {postgres: postgresql, aurora-postgresql: postgresql, mysql: error, aurora-mysql: error, mariadb: error}
#       description: The log that must be exported, by engine; any will do for an engine that is not named.
package gatehouse.aws.rds.logs_exported

deny contains {"path": ["enabledCloudwatchLogsExports"], "message": "no logs are exported"} if {
	count(exported) == 0
}

deny contains {"path": ["enabledCloudwatchLogsExports"], "message": message} if {
	count(exported) > 0
	wanted := data.parameters["aws-rds-logs-exported"].logs[input.properties.engine]
	not wanted in exported
	message := sprintf("the log %s is not exported", [wanted])
}

exported := [log | some log in input.properties.enabledCloudwatchLogsExports]

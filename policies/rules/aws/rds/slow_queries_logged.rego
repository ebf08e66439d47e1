# METADATA
# title: RDS logs slow queries
# description: >-
#   A query that has become slow is found in the log, or by the users.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.Query_Logging.html
# custom:
#   severity: low
#   remediation: |
#     Log what takes longer than half a second:
#       rds.ParameterGroupParameterArgs{Name: pulumi.String("log_min_duration_statement"), Value: pulumi.String("500")}
#   frameworks:
#     NIST 800-53: [SI-4, AU-2]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#     Guide: ['readiness: Monitoring']
#   resource_types: ['aws:rds/parameterGroup:ParameterGroup']
#   reads: [family, parameters]
package gatehouse.aws.rds.slow_queries_logged

import data.gatehouse.lib.rds

deny contains {"path": ["parameters", i, "value"], "message": message} if {
	some i, p in rds.parameters
	p.name == switch
	not switched_on(p)
	message := sprintf("%s is off", [switch])
}

deny contains {"path": ["parameters"], "message": message} if {
	not rds.sets(switch)
	message := sprintf("%s is not set", [switch])
}

switch := "log_min_duration_statement" if startswith(input.properties.family, "postgres")

switch := "slow_query_log" if startswith(input.properties.family, "mysql")

switch := "slow_query_log" if startswith(input.properties.family, "mariadb")

switched_on(p) if {
	p.name == "log_min_duration_statement"
	to_number(p.value) >= 0
}

switched_on(p) if {
	p.name == "slow_query_log"
	rds.is_on(p.value)
}

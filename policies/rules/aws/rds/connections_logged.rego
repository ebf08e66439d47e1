# METADATA
# title: RDS for PostgreSQL logs who connects
# description: >-
#   Without a line for each connection, nobody can say afterwards who was in the
#   database and from where.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.overview.parameter-groups.html
# custom:
#   severity: medium
#   remediation: |
#     Log both ends of every session:
#       rds.ParameterGroupParameterArgs{Name: pulumi.String("log_connections"), Value: pulumi.String("1")}
#       rds.ParameterGroupParameterArgs{Name: pulumi.String("log_disconnections"), Value: pulumi.String("1")}
#   frameworks:
#     NIST 800-53: [AU-2, AU-12, AC-7]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ['readiness: Audit Logging']
#   resource_types: ['aws:rds/parameterGroup:ParameterGroup']
#   reads: [family, parameters]
package gatehouse.aws.rds.connections_logged

import data.gatehouse.lib.rds

deny contains {"path": ["parameters", i, "value"], "message": message} if {
	some i, p in rds.parameters
	p.name in wanted
	not rds.is_on(p.value)
	message := sprintf("%s is off", [p.name])
}

deny contains {"path": ["parameters"], "message": message} if {
	startswith(input.properties.family, "postgres")
	some name in wanted
	not rds.sets(name)
	message := sprintf("%s is not set", [name])
}

wanted := {"log_connections", "log_disconnections"}

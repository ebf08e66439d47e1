# METADATA
# title: RDS runs a supported major version
# description: >-
#   A version out of standard support gets no fixes, and AWS charges extended
#   support for it or upgrades it on a day of its own choosing.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
# custom:
#   severity: high
#   remediation: |
#     Move to a newer major, first in a restored copy:
#       rds.InstanceArgs{Engine: pulumi.String("postgres"), EngineVersion: pulumi.String("17"), AllowMajorVersionUpgrade: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SA-22, SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#     Guide: ['readiness: PostgreSQL']
#   resource_types: ['aws:rds/instance:Instance', 'aws:rds/cluster:Cluster']
#   reads: [engine, engineVersion]
#   parameters:
#     minimum:
#       type: object
#       additionalProperties: {type: string, pattern: '^[0-9]+([.][0-9]+)*$'}
#       default: {postgres: '15', aurora-postgresql: '15', mysql: '8.4', aurora-mysql: '8.0', mariadb: '10.11'}
#       description: The oldest version that is still allowed, by engine.
package gatehouse.aws.rds.engine_supported

import data.gatehouse.lib.version

deny contains {"path": ["engineVersion"], "message": message} if {
	least := data.parameters["aws-rds-engine-supported"].minimum[input.properties.engine]
	not object.get(input.properties, "engineVersion", "") in {"", null}
	found := sprintf("%v", [input.properties.engineVersion])
	version.numbers(found) < version.numbers(least)
	message := sprintf("%s %s is older than %s", [input.properties.engine, found, least])
}

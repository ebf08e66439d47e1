# METADATA
# title: RDS refuses connections without TLS
# description: >-
#   Where the server takes connections without TLS, a client that forgets it sends
#   its password and every row in the clear.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
# custom:
#   severity: high
#   remediation: |
#     Set rds.force_ssl (PostgreSQL) or require_secure_transport (MySQL, MariaDB):
#       rds.ParameterGroupParameterArgs{Name: pulumi.String("rds.force_ssl"), Value: pulumi.String("1")}
#   frameworks:
#     NIST 800-53: [SC-8, SC-8(1)]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ['deployment: Enable SSL/TLS certificates']
#   resource_types:
#   - aws:rds/parameterGroup:ParameterGroup
#   - aws:rds/clusterParameterGroup:ClusterParameterGroup
#   reads: [family, parameters]
package gatehouse.aws.rds.tls_required

import data.gatehouse.lib.rds

deny contains {"path": ["parameters", i, "value"], "message": message} if {
	some i, p in rds.parameters
	p.name == switch
	not rds.is_on(p.value)
	message := sprintf("%s is off", [switch])
}

deny contains {"path": ["parameters"], "message": message} if {
	not rds.sets(switch)
	not default_on
	message := sprintf("%s is not set", [switch])
}

switch := name if {
	some family, name in switches
	startswith(input.properties.family, family)
	not elsewhere
}

switches := {
	"postgres": "rds.force_ssl",
	"aurora-postgresql": "rds.force_ssl",
	"mysql": "require_secure_transport",
	"mariadb": "require_secure_transport",
	"aurora-mysql": "require_secure_transport",
}

# elsewhere: Aurora's switch is one of the cluster.
elsewhere if {
	startswith(input.properties.family, "aurora")
	input.type == "aws:rds/parameterGroup:ParameterGroup"
}

# default_on is where AWS has turned it on itself.
default_on if {
	startswith(input.properties.family, "postgres")
	to_number(trim_prefix(input.properties.family, "postgres")) >= 15
}

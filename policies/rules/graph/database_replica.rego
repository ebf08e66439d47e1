# METADATA
# title: Databases have a replica where it matters
# description: >-
#   Without a replica all reads go to the one instance, and nothing takes over
#   when its storage is damaged in both zones.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
# custom:
#   severity: medium
#   remediation: |
#     Make a replica:
#       rds.NewInstance(ctx, "replica", &rds.InstanceArgs{ReplicateSourceDb: primary.Identifier, …})
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["readiness: PostgreSQL"]
#   subjects: ["aws:rds/instance:Instance"]
#   resource_types: ["aws:rds/instance:Instance"]
#   reads:
#     "*": [replicateSourceDb]
#   contents:
#     "*": [identifier]
#   parameters:
#     environments:
#       type: array
#       items: {type: string}
#       default: [production]
#       description: The environments whose databases need a replica.
package gatehouse.graph.database_replica

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["identifier"], "message": "no instance replicates the database"} if {
	input.stack in data.parameters["graph-database-replica"].environments
	some r in graph.of("rds/Instance")
	not replica(r)
	not r.urn in linked
	not object.get(r.properties, "identifier", "") in sources
}

replica(r) if r.properties.replicateSourceDb

replica(r) if count(r.links.replicateSourceDb) > 0

linked := graph.linked("rds/Instance", "replicateSourceDb")

sources := {source |
	some r in graph.of("rds/Instance")
	source := r.properties.replicateSourceDb
}

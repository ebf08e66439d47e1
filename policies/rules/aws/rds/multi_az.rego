# METADATA
# title: RDS has a standby in another zone
# description: >-
#   Without a standby the database is away while its zone is, or while its host is
#   replaced, and comes back by a restore.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
# custom:
#   severity: high
#   remediation: |
#     Set multiAz; RDS makes the standby without an outage:
#       rds.InstanceArgs{MultiAz: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ['readiness: PostgreSQL']
#   resource_types: ['aws:rds/instance:Instance']
#   reads: [multiAz, replicateSourceDb]
package gatehouse.aws.rds.multi_az

import data.gatehouse.lib.rds

deny contains {"path": [], "message": "the instance has no standby in another zone"} if {
	not object.get(input.properties, "multiAz", null) in {true, "true"}
	not rds.replica
}

# METADATA
# title: No ElastiCache user may do everything with every key
# description: >-
#   One application that is taken over then reads and deletes the sessions of all
#   others, and may flush the cache.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#Access-string
# custom:
#   severity: high
#   remediation: |
#     Name the keys and the commands that the application needs:
#       elasticache.UserArgs{AccessString: pulumi.String("on ~portal:* -@all +@read +@write")}
#   frameworks:
#     NIST 800-53: [AC-6, AC-3]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.8.3]
#   resource_types: ['aws:elasticache/user:User']
#   reads: [accessString]
package gatehouse.aws.elasticache.user_least_privilege

import data.gatehouse.lib.elasticache

deny contains {"path": ["accessString"], "message": "the user may do everything with every key"} if {
	elasticache.user_on
	elasticache.last_of({"~*", "allkeys", "%rw~*"}, {"resetkeys"})
	elasticache.last_of({"+@all", "allcommands"}, {"-@all", "nocommands"})
}

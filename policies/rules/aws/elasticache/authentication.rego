# METADATA
# title: ElastiCache asks who connects
# description: >-
#   Without users or a password whoever reaches the port reads every session and
#   may delete all of them.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
# custom:
#   severity: high
#   remediation: |
#     Attach a user group; a password (authToken) cannot tell applications apart:
#       elasticache.ReplicationGroupArgs{UserGroupIds: pulumi.StringArray{users.UserGroupId}}
#   frameworks:
#     NIST 800-53: [IA-2, AC-3]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.5]
#     Guide: ['deployment: Set strong passwords for all services']
#   resource_types:
#   - aws:elasticache/replicationGroup:ReplicationGroup
#   - aws:elasticache/serverlessCache:ServerlessCache
#   reads: [userGroupIds, userGroupId, authToken, engine]
package gatehouse.aws.elasticache.authentication

import data.gatehouse.lib.elasticache

deny contains {"path": [], "message": "the cache has neither users nor a password"} if {
	count([id | some id in input.properties.userGroupIds]) == 0
	not elasticache.given("userGroupId")
	not elasticache.given("authToken")
	not elasticache.memcached
}

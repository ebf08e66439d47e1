# METADATA
# title: ElastiCache runs a supported version
# description: >-
#   Redis OSS 5 and older get no more fixes, and before 7 there is no login by IAM
#   and no change of TLS without replacing the cache.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
# custom:
#   severity: high
#   remediation: |
#     Raise the version; ElastiCache upgrades in place:
#       elasticache.ReplicationGroupArgs{Engine: pulumi.String("redis"), EngineVersion: pulumi.String("7.1")}
#   frameworks:
#     NIST 800-53: [SA-22, SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#     Guide: ['readiness: Redis Cluster']
#   resource_types:
#   - aws:elasticache/replicationGroup:ReplicationGroup
#   - aws:elasticache/cluster:Cluster
#   - aws:elasticache/serverlessCache:ServerlessCache
#   reads: [engine, engineVersion, majorEngineVersion]
#   parameters:
#     minimum:
#       type: object
#       additionalProperties: {type: string, pattern: '^[0-9]+([.][0-9]+)*$'}
#       default: {redis: '7', valkey: '7', memcached: '1.6'}
#       description: The oldest version that is still allowed, by engine.
package gatehouse.aws.elasticache.engine_supported

import data.gatehouse.lib.elasticache
import data.gatehouse.lib.version

deny contains {"path": [], "message": message} if {
	some key in ["engineVersion", "majorEngineVersion"]
	not object.get(input.properties, key, "") in {"", null}
	found := sprintf("%v", [input.properties[key]])
	least := data.parameters["aws-elasticache-engine-supported"].minimum[elasticache.engine]
	version.numbers(found) < version.numbers(least)
	message := sprintf("%s %s is older than %s", [elasticache.engine, found, least])
}

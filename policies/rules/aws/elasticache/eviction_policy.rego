# METADATA
# title: ElastiCache evicts old keys when its memory is full
# description: >-
#   Where only keys with a lifetime may go, or none, a full cache refuses writes
#   and the portal's logins fail.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
# custom:
#   severity: medium
#   remediation: |
#     Set the policy of a cache in its own parameter group:
#       elasticache.ParameterGroupParameterArgs{Name: pulumi.String("maxmemory-policy"), Value: pulumi.String("allkeys-lru")}
#   frameworks:
#     NIST 800-53: [SC-5, CP-2(2)]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ['readiness: Memory Allocation']
#   resource_types: ['aws:elasticache/parameterGroup:ParameterGroup']
#   reads: [family, parameters]
#   parameters:
#     policies:
#       type: array
#       items: {type: string}
#       minItems: 1
#       default: [allkeys-lru, allkeys-lfu]
#       description: The eviction policies that are allowed.
package gatehouse.aws.elasticache.eviction_policy

deny contains {"path": ["parameters", i, "value"], "message": message} if {
	some i, p in parameters
	p.name == "maxmemory-policy"
	not p.value in data.parameters["aws-elasticache-eviction-policy"].policies
	message := sprintf("maxmemory-policy is %v", [p.value])
}

deny contains {"path": ["parameters"], "message": "maxmemory-policy is not set"} if {
	evicts
	every p in parameters {
		p.name != "maxmemory-policy"
	}
}

# evicts: memcached has no such policy.
evicts if startswith(input.properties.family, "redis")

evicts if startswith(input.properties.family, "valkey")

parameters := input.properties.parameters

default parameters := []

# METADATA
# title: What several rules about ElastiCache ask
# description: Computed once for a resource; every rule about ElastiCache shares it.
package gatehouse.lib.elasticache

# member tells whether the resource is part of another, which decides for it: a
# node of a replication group, or the secondary of a global datastore.
member if {
	input.type == "aws:elasticache/cluster:Cluster"
	given("replicationGroupId")
}

member if given("globalReplicationGroupId")

# given tells whether a property has a value.
given(key) if not object.get(input.properties, key, null) in {null, ""}

# engine is what the resource runs: Redis, unless it says otherwise.
engine := lower(input.properties.engine) if {
	is_string(input.properties.engine)
} else := "redis"

# memcached keeps nothing and knows nobody.
memcached if engine == "memcached"

# user_on tells whether a user's access string lets it connect.
user_on if last_of({"on"}, {"off"})

# last_of tells whether one of the words is in the access string, and none of
# those that undo it comes later.
last_of(words, undo) if {
	some i, word in rules
	word in words
	every later in array.slice(rules, i + 1, count(rules)) {
		not later in undo
	}
}

rules := split(lower(input.properties.accessString), " ")

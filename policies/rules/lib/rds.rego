# METADATA
# title: What several rules about RDS ask
# description: Computed once for a resource; every rule about RDS shares it.
package gatehouse.lib.rds

# replica tells whether the resource holds a copy of another database, which
# has the backups and the protection.
replica if source != ""

# local_replica is one that takes its encryption from its source, which only a
# source of the same region gives. One of another region is named by its ARN.
local_replica if {
	replica
	not startswith(source, "arn:")
}

source := input.properties.replicateSourceDb if is_string(input.properties.replicateSourceDb)

source := input.properties.replicationSourceIdentifier if {
	is_string(input.properties.replicationSourceIdentifier)
}

# parameters are the settings of a parameter group.
parameters := input.properties.parameters

default parameters := []

# sets tells whether a parameter group has a setting.
sets(name) if {
	some p in parameters
	p.name == name
}

# is_on tells whether a setting's value means on.
is_on(value) if not lower(sprintf("%v", [value])) in {"", "0", "off", "false", "no"}

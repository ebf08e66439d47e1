# METADATA
# title: The whole stack, grouped
# description: >-
#   Resources by kind, by namespace and by name, and who points at whom. Computed
#   once for a stack; every graph rule shares it. What selects pods lives in
#   graph_pods, what routes packets in graph_network.
package gatehouse.lib.graph

# of are the resources of a kind, [] for none. A kind is the module or API group
# and the class: "rds/Instance", "s3/Bucket" (BucketV2 too), "apps/Deployment",
# "core/Pod".
of(kind) := object.get(kinds, kind, [])

kinds := {kind: resources |
	some kind in kind_of
	resources := [r | some type, r_kind in kind_of; r_kind == kind; some r in typed[type]]
}

kind_of := {type: kind |
	some type, _ in typed
	parts := split(type, ":")
	kind := concat("/", [split(parts[1], "/")[0], trim_suffix(parts[2], "V2")])
}

typed := {type: resources |
	some r in input.resources
	type := r.type
	resources := [other | some other in input.resources; other.type == type]
}

# resource finds one by its URN; the first, should a source repeat it.
resource := {urn: copies[0] |
	some r in input.resources
	urn := r.urn
	copies := [other | some other in input.resources; other.urn == urn]
}

# linked are the URNs of all that a property of any resource of a kind is made
# from: targets of "this kind is about that resource".
linked(kind, property) := {urn |
	some r in of(kind)
	some urn in r.links[property]
}

# links are the resources of a kind that a property is made from.
links(r, property, kind) := {urn |
	some urn in r.links[property]
	kind_of[resource[urn].type] == kind
}

# name of an object.
name(r) := r.properties.metadata.name if is_string(r.properties.metadata.name)

else := r.outputs.metadata.name if is_string(r.outputs.metadata.name)

# namespace of an object: its name or, where only Pulumi will know it, that of
# the Namespace that the object is put into.
namespace(r) := r.properties.metadata.namespace if is_string(r.properties.metadata.namespace)

else := r.outputs.metadata.namespace if is_string(r.outputs.metadata.namespace)

else := min(keys) if {
	keys := {namespace_key(resource[urn]) | some urn in links(r, "metadata", "core/Namespace")}
	count(keys) > 0
}

else := "default"

# namespace_key is what namespace answers for what lies in a Namespace.
namespace_key(r) := key if key := name(r)

else := r.urn

# declared are the namespaces that the stack itself makes and fills: a name that
# is missing there is missing. A Helm release fills a namespace unseen.
declared := {namespace_key(r) | some r in of("core/Namespace")} - released

released := {key |
	some r in of("helm.sh/Release")
	key := release_namespace(r)
}

release_namespace(r) := r.properties.namespace if is_string(r.properties.namespace)

else := min(keys) if {
	keys := {namespace_key(resource[urn]) | some urn in links(r, "namespace", "core/Namespace")}
	count(keys) > 0
}

else := "default"

# inside are the objects of a kind in a namespace.
inside(kind, place) := object.get(placed, [[kind, place]], [])

placed := {place: members |
	some entry in objects
	place := entry[0]
	members := [other[2] | some other in objects; other[0] == place]
}

# named are the objects of a kind and name in a namespace.
named(kind, place, wanted) := object.get(addressed, [[kind, place, wanted]], [])

addressed := {address: members |
	some entry in objects
	address := entry[1]
	members := [other[2] | some other in objects; other[1] == address]
}

objects := [[[kind, place], [kind, place, object.get(r, ["properties", "metadata", "name"], "")], r] |
	some kind, members in kinds
	some r in members
	startswith(r.type, "kubernetes:")
	place := namespace(r)
]

# listed is a value as an array: IAM and others write one or many.
listed(value) := value if is_array(value)

listed(value) := [value] if not is_array(value)

# truthy tells whether a value is true, also as text.
truthy(value) if lower(sprintf("%v", [value])) == "true"

# statements are those of an IAM policy document; none when it cannot be read.
statements(document) := array.concat([], listed(json.unmarshal(document).Statement)) if {
	is_string(document)
	json.is_valid(document)
} else := []

# METADATA
# title: The pod template of any workload kind
# description: Computed once for a resource; every rule about pods shares it.
package gatehouse.lib.pods

# path leads from the object to the pod spec.
default path := ["spec", "template", "spec"]

path := {
	"CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
	"Pod": ["spec"],
	"PodTemplate": ["template", "spec"],
}[split(input.type, ":")[2]]

# spec is the pod spec; undefined when there is none, or nobody knows it yet.
spec := found if {
	found := object.get(input.properties, path, null)
	is_object(found)
}

# metadata is that of the pods; {} when there is none.
metadata := object.get(input.properties, array.concat(array.slice(path, 0, count(path) - 1), ["metadata"]), {})

# containers are all of a pod, each {"container", "path"}: main, init and
# ephemeral ones. Most pods have none but the first.
containers := main if {
	not spec.initContainers
	not spec.ephemeralContainers
} else := array.concat(main, array.concat(listed("initContainers"), listed("ephemeralContainers")))

# main are the ordinary containers.
main := [{"container": c, "path": array.concat(path, ["containers", i])} |
	some i, c in spec.containers
	is_object(c)
]

listed(key) := [{"container": c, "path": array.concat(path, [key, i])} |
	some i, c in object.get(spec, key, [])
	is_object(c)
]

# at is the path of something inside a container.
at(c, keys) := array.concat(c.path, keys)

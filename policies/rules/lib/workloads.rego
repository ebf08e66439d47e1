# METADATA
# title: What workloads run, and how much they ask for
# description: Computed once for a resource; the rules about workloads share it.
package gatehouse.lib.workloads

import data.gatehouse.lib.pods

# requesting are the containers that may ask for resources; ephemeral ones may
# not. Most pods have none, and need no list of their own.
requesting := pods.containers if not pods.spec.ephemeralContainers

requesting := [c |
	some c in pods.containers
	not "ephemeralContainers" in c.path
] if {
	pods.spec.ephemeralContainers
}

# lasting are the containers that run as long as their pod: main ones and
# sidecars, which are init containers that restart.
lasting := pods.main if not pods.spec.initContainers

lasting := [c |
	some c in pods.containers
	lasts(c)
] if {
	pods.spec.initContainers
}

lasts(c) if "containers" in c.path

lasts(c) if {
	"initContainers" in c.path
	c.container.restartPolicy == "Always"
}

# whole_pod are the resources that a pod asks for as a whole; undefined when it
# leaves them to its containers.
whole_pod := pods.spec.resources if is_object(pods.spec.resources)

# name is what a message calls a container.
name(c) := object.get(c.container, "name", "without a name")

# amount is the number that a Kubernetes quantity stands for; undefined for
# what is none.
amount(quantity) := quantity if is_number(quantity)

amount(quantity) := units.parse(quantity) if {
	is_string(quantity)
	regex.match(`^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$`, quantity)
}

# whole is the number that a count stands for, written as one or as text.
whole(value) := value if is_number(value)

whole(value) := to_number(value) if {
	is_string(value)
	regex.match(`^[0-9]+$`, value)
}

# percentage is the number before a percent sign; undefined for a plain count.
percentage(value) := to_number(trim_suffix(value, "%")) if {
	is_string(value)
	regex.match(`^[0-9]+%$`, value)
}

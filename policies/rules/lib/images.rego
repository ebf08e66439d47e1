# METADATA
# title: The images of a pod
# description: Computed once for a resource; the rules about images share it.
package gatehouse.lib.images

import data.gatehouse.lib.pods

# references are the images of all containers, each {"container", "text",
# "host", "name", "tag", "digest"}, where what an image does not say is "". The
# word auto is none: Istio's injector puts the image of its proxy there.
references := [{"container": c, "text": text, "host": parts[1], "name": parts[2], "tag": parts[3], "digest": parts[4]} |
	some c in pods.containers
	text := c.container.image
	not text in {"", "auto", null}
	parts := regex.find_all_string_submatch_n(form, text, 1)[0]
]

# form takes an image apart. What stands before the first slash is a host when it
# has a dot or a port.
form := `^((?:[^/@]*[.:][^/@]*|localhost)/)?([^:@]*):?([^@]*)@?(.*)$`

# repository is the name of an image with all that short names leave out.
repository(reference) := concat("", [reference.host, reference.name]) if {
	reference.host != ""
} else := concat("", ["docker.io/", reference.name]) if {
	contains(reference.name, "/")
} else := concat("", ["docker.io/library/", reference.name])

# moves holds for an image of which others can be had under the same name, by
# the tags that move; without a tag it is latest.
moves(reference, tags) if {
	reference.digest == ""
	lower(reference.tag) in array.concat([""], tags)
}

# among holds for an image of one of several registries, folders of them or
# repositories; * stands for any characters but a slash.
among(reference, patterns) if {
	some pattern in patterns
	glob.match(concat("", ["{", pattern, ",", pattern, "/**}"]), ["/"], repository(reference))
}

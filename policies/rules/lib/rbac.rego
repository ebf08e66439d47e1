# METADATA
# title: What the rules of a Role or ClusterRole grant
# description: Computed once for a resource; the rules about RBAC share it.
package gatehouse.lib.rbac

# grants are the rules of the role, each as sets: {"path", "groups",
# "resources", "verbs", "names"}. RBAC compares letter by letter, so none of
# this folds case.
grants := [g |
	some i, r in input.properties.rules
	is_object(r)
	g := {
		"path": ["rules", i],
		"groups": listed(r, "apiGroups"),
		"resources": listed(r, "resources"),
		"verbs": listed(r, "verbs"),
		"names": listed(r, "resourceNames"),
	}
]

listed(r, key) := {v | some v in r[key]}

# on has the grants by resource, "*" among them. Most roles grant none of what
# most rules ask for, and a rule that asks here is done at once.
on := {resource: list |
	some grant in grants
	some resource in grant.resources
	list := [g | some g in grants; resource in g.resources]
}

# allows tells whether a grant covers one of the verbs in an API group.
allows(g, group, verbs) if {
	in_group(g, group)
	some verb in verbs
	verb in g.verbs
}

allows(g, group, _) if {
	in_group(g, group)
	"*" in g.verbs
}

in_group(g, group) if group in g.groups

in_group(g, _) if "*" in g.groups

# subjects are those of a binding, each {"path", "subject"}.
subjects := [{"path": ["subjects", i], "subject": s} |
	some i, s in input.properties.subjects
	is_object(s)
]

# METADATA
# title: What runs pods, and what selects them
# description: >-
#   The workloads of a stack with the labels that their pods will have, and label
#   selectors over them. Pods that another object owns are left to their owner.
package gatehouse.lib.graph_pods

import data.gatehouse.lib.graph

# templates leads to the pod template of each kind.
templates := {
	"apps/DaemonSet": ["spec", "template"],
	"apps/Deployment": ["spec", "template"],
	"apps/ReplicaSet": ["spec", "template"],
	"apps/StatefulSet": ["spec", "template"],
	"batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
	"batch/Job": ["spec", "template"],
	"core/Pod": [],
	"core/ReplicationController": ["spec", "template"],
}

# workloads are all that runs pods.
workloads := [workload |
	some kind, path in templates
	some r in graph.of(kind)
	count(object.get(r.properties, ["metadata", "ownerReferences"], [])) == 0
	template := object.get(r.properties, path, {})
	workload := {
		"kind": kind,
		"labels": map(object.get(template, ["metadata", "labels"], {})),
		"namespace": graph.namespace(r),
		"path": array.concat(path, ["spec"]),
		"resource": r,
		"spec": map(object.get(template, "spec", {})),
		"urn": r.urn,
	}
]

# in_namespace are the workloads of a namespace.
in_namespace := {namespace: members |
	some workload in workloads
	namespace := workload.namespace
	members := [other | some other in workloads; other.namespace == namespace]
}

# selected are the workloads of a namespace that a label selector matches; an
# empty one matches all.
selected(namespace, selector) := [workload |
	some workload in candidates(namespace, wanted)
	object.subset(workload.labels, wanted)
	every expression in expressions {
		holds(expression, workload.labels)
	}
] if {
	wanted := map(object.get(selector, "matchLabels", {}))
	expressions := sequence(object.get(selector, "matchExpressions", []))
}

# candidates are the workloads of the rarest of the wanted labels.
candidates(namespace, wanted) := object.get(labelled, [rarest], []) if {
	rarest := min([[count(object.get(labelled, [key], [])), key] |
		some label, value in wanted
		key := [namespace, label, value]
	])[1]
} else := object.get(in_namespace, namespace, [])

labelled := {key: members |
	some entry in labels
	key := entry[0]
	members := [other[1] | some other in labels; other[0] == key]
}

labels := [[[workload.namespace, label, value], workload] |
	some workload in workloads
	some label, value in workload.labels
]

# holds tells whether one of matchExpressions does for labels.
holds(expression, own) if {
	expression.operator == "In"
	own[expression.key] in expression.values
}

holds(expression, own) if {
	expression.operator == "NotIn"
	not object.get(own, expression.key, null) in expression.values
}

holds(expression, own) if {
	expression.operator == "Exists"
	_ = own[expression.key]
}

holds(expression, own) if {
	expression.operator == "DoesNotExist"
	not expression.key in object.keys(own)
}

# select_all tells whether a selector has no conditions.
select_all(selector) if {
	count(map(object.get(selector, "matchLabels", {}))) == 0
	count(sequence(object.get(selector, "matchExpressions", []))) == 0
}

# map is a value as an object, {} for what is none (null in YAML).
map(value) := value if {
	is_object(value)
} else := {}

# sequence is a value as an array, [] for what is none.
sequence(value) := value if {
	is_array(value)
} else := []

# budgets are the PodDisruptionBudgets over each workload: URN to resources.
budgets := {urn: over |
	some entry in budgeted
	urn := entry[0]
	over := [other[1] | some other in budgeted; other[0] == urn]
}

budgeted := [[workload.urn, budget] |
	some budget in graph.of("policy/PodDisruptionBudget")
	some workload in selected(graph.namespace(budget), budget.properties.spec.selector)
]

# scalers are the HorizontalPodAutoscalers over each workload: URN to resources.
scalers := {urn: over |
	some entry in scaled
	urn := entry[0]
	over := [other[1] | some other in scaled; other[0] == urn]
}

scaled := [[target.urn, scaler] |
	some scaler in graph.of("autoscaling/HorizontalPodAutoscaler")
	target := scale_target(scaler)
]

# scale_target is the workload that an autoscaler names.
scale_target(scaler) := targets[0] if {
	reference := scaler.properties.spec.scaleTargetRef
	kind := concat("/", [split(object.get(reference, "apiVersion", "apps/v1"), "/")[0], reference.kind])
	targets := graph.named(kind, graph.namespace(scaler), reference.name)
}

# least is how many pods of a workload there are at the least: the minimum of its
# autoscaler, or else its replicas.
least(workload) := object.get(scalers[workload.urn][0].properties.spec, "minReplicas", 1) if {
	scalers[workload.urn]
} else := object.get(workload.resource.properties.spec, "replicas", 1) if {
	not scalers[workload.urn]
	workload.kind != "apps/DaemonSet"
}

# share is a number of pods, or the percentage of a whole, rounded up as the
# disruption controller does.
share(value, _) := value if is_number(value)

share(value, whole) := ceil((to_number(trim_suffix(value, "%")) * whole) / 100) if {
	is_string(value)
	endswith(value, "%")
}

share(value, _) := to_number(value) if {
	is_string(value)
	not endswith(value, "%")
}

# METADATA
# title: Selectors match the pods that they make
# description: >-
#   A workload whose selector does not match its own template is refused or makes pods
#   without end; an empty one takes over the pods of others.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
# custom:
#   severity: high
#   remediation: |
#     Give the template every label of the selector:
#       selector: {matchLabels: {app: web}}
#       template: {metadata: {labels: {app: web}}}
#   frameworks:
#     NIST 800-53: [CM-6]
#     SOC 2: [CC8.1]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   reads: [spec.selector.matchExpressions]
#   names: [spec.selector.matchLabels.*, spec.template.metadata.labels.*]
package gatehouse.kubernetes.workloads.selector

wanted := object.get(input.properties, ["spec", "selector", "matchLabels"], null)

deny contains {"path": ["spec", "selector"], "message": "the selector is empty"} if {
	wanted in [null, {}]
	object.get(input.properties, ["spec", "selector", "matchExpressions"], null) in [null, []]
}

deny contains {"path": ["spec", "template", "metadata", "labels"], "message": sprintf("the pods lack label %s of the selector", [key])} if {
	some key, value in wanted
	object.get(input.properties, ["spec", "template", "metadata", "labels", key], null) != value
}

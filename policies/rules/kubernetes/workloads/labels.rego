# METADATA
# title: Workloads carry the labels that people look for
# description: >-
#   Dashboards, alerts, costs and network policies find pods by labels; a pod without them
#   is nobody's.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
# custom:
#   severity: low
#   remediation: |
#     Label the pod template, too:
#       template: {metadata: {labels: {app.kubernetes.io/name: portal}}}
#   frameworks:
#     NIST 800-53: [CM-8]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.9]
#   resource_types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:DaemonSet"]
#   names: [spec.template.metadata.labels.*]
#   parameters:
#     groups: {type: array, items: {type: array, items: {type: string}}, default: [[app.kubernetes.io/name, app, k8s-app]], description: "of each group of labels, one is wanted on the pods"}
package gatehouse.kubernetes.workloads.labels

labels := object.get(input.properties, ["spec", "template", "metadata", "labels"], null)

deny contains {"path": ["spec", "template", "metadata", "labels"], "message": sprintf("the pods lack label %s", [group[0]])} if {
	some group in data.parameters["kubernetes-workloads-labels"].groups
	not carries(group)
}

carries(group) if {
	some label in group
	not labels[label] in ["", null]
}

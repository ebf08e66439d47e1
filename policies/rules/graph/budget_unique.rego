# METADATA
# title: A disruption budget selects pods, and no pod has two
# description: >-
#   A budget that selects nothing protects nothing. A pod with two budgets cannot
#   be evicted at all: the API refuses with an error.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   severity: medium
#   remediation: |
#     Let one budget select the labels of one workload's pods:
#       spec: {selector: {matchLabels: {app: web}}}
#   frameworks:
#     NIST 800-53: [CP-10, CM-6]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#   subjects: ["kubernetes:policy/*:PodDisruptionBudget"]
#   resource_types: ["kubernetes:policy/*:PodDisruptionBudget", $pods, "kubernetes:core/v1:Namespace", "kubernetes:helm.sh/v3:Release"]
#   contents:
#     $pods: [spec.template.metadata.labels, spec.jobTemplate.spec.template.metadata.labels]
#     kubernetes:core/v1:Pod: [metadata.labels]
#     kubernetes:policy/*:PodDisruptionBudget: [spec.selector]
#     kubernetes:helm.sh/v3:Release: [namespace]
package gatehouse.graph.budget_unique

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": r.urn, "path": ["spec", "selector"], "message": "selects no pod of the namespace"} if {
	some r in graph.of("policy/PodDisruptionBudget")
	graph.namespace(r) in graph.declared
	count(pods.selected(graph.namespace(r), r.properties.spec.selector)) == 0
}

deny contains {"resource": r.urn, "path": ["spec", "selector"], "message": message} if {
	some urn, budgets in pods.budgets
	count(budgets) > 1
	some r in budgets
	message := sprintf("%s has %d budgets", [graph.resource[urn].name, count(budgets)])
}

# METADATA
# title: A disruption budget lets nodes be drained
# description: >-
#   A budget that needs as many pods as there are at the least refuses every
#   eviction: nodes cannot be drained, and upgrades of the cluster hang.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
# custom:
#   severity: high
#   remediation: |
#     Ask for less than the autoscaler's minimum, or say how many may be missing:
#       spec: {maxUnavailable: 1}
#   frameworks:
#     NIST 800-53: [SI-2, CP-10]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["deployment: Configure auto-scaling policies"]
#   subjects: ["kubernetes:policy/*:PodDisruptionBudget"]
#   resource_types:
#   - kubernetes:policy/*:PodDisruptionBudget
#   - kubernetes:autoscaling/*:HorizontalPodAutoscaler
#   - kubernetes:apps/*:Deployment
#   - kubernetes:apps/*:StatefulSet
#   - kubernetes:core/v1:Namespace
#   contents:
#     kubernetes:apps/*: [spec.replicas, spec.template.metadata.labels]
#     kubernetes:policy/*:PodDisruptionBudget: [spec.selector, spec.minAvailable, spec.maxUnavailable]
#     kubernetes:autoscaling/*:HorizontalPodAutoscaler: [spec.minReplicas, spec.scaleTargetRef]
package gatehouse.graph.budget_leaves_room

import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": budget.urn, "path": ["spec", "minAvailable"], "message": message} if {
	some [budget, workload] in covered
	wanted := budget.properties.spec.minAvailable
	least := pods.least(workload)
	pods.share(wanted, least) >= least
	message := sprintf("minAvailable %v of %s, which has %v pods at the least", [wanted, workload.resource.name, least])
}

deny contains {"resource": budget.urn, "path": ["spec", "maxUnavailable"], "message": message} if {
	some [budget, workload] in covered
	pods.share(budget.properties.spec.maxUnavailable, 100) == 0
	message := sprintf("maxUnavailable %v lets no pod of %s go", [budget.properties.spec.maxUnavailable, workload.resource.name])
}

# covered are the budgets, each with a workload of more than no replicas.
covered := [[budget, workload] |
	some workload in pods.workloads
	some budget in pods.budgets[workload.urn]
	pods.least(workload) > 0
]

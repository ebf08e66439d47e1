# METADATA
# title: What has several replicas has a disruption budget
# description: >-
#   Without a budget a drain of nodes may take all replicas of a workload at once.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   severity: medium
#   remediation: |
#     Declare a budget that selects its pods:
#       apiVersion: policy/v1
#       kind: PodDisruptionBudget
#       metadata: {name: web, namespace: NAMESPACE}
#       spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#   subjects: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet"]
#   resource_types:
#   - kubernetes:apps/*:Deployment
#   - kubernetes:apps/*:StatefulSet
#   - kubernetes:policy/*:PodDisruptionBudget
#   - kubernetes:autoscaling/*:HorizontalPodAutoscaler
#   - kubernetes:core/v1:Namespace
#   contents:
#     kubernetes:apps/*: [spec.replicas, spec.template.metadata.labels]
#     kubernetes:policy/*:PodDisruptionBudget: [spec.selector]
#     kubernetes:autoscaling/*:HorizontalPodAutoscaler: [spec.minReplicas, spec.scaleTargetRef]
package gatehouse.graph.disruption_budget

import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": workload.urn, "path": ["spec", "replicas"], "message": message} if {
	some workload in pods.workloads
	workload.kind in {"apps/Deployment", "apps/StatefulSet"}
	not pods.budgets[workload.urn]
	least := pods.least(workload)
	least > 1
	message := sprintf("%v replicas and no PodDisruptionBudget", [least])
}

# METADATA
# title: Disruption budgets let broken pods go
# description: >-
#   By default a pod that is not ready counts as one that must stay, so a workload that is
#   broken keeps its node from being drained.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
# custom:
#   severity: low
#   remediation: |
#     Let unhealthy pods be evicted:
#       spec: {unhealthyPodEvictionPolicy: AlwaysAllow}
#   frameworks:
#     NIST 800-53: [CP-10, SI-2]
#     SOC 2: [A1.2]
#   resource_types: ["kubernetes:policy/*:PodDisruptionBudget"]
#   reads: [spec.unhealthyPodEvictionPolicy]
package gatehouse.kubernetes.scaling.pdb_unhealthy

deny contains {"path": ["spec", "unhealthyPodEvictionPolicy"], "message": "pods that are not ready hold up a drain"} if {
	object.get(input.properties, ["spec", "unhealthyPodEvictionPolicy"], "IfHealthyBudget") in ["IfHealthyBudget", null]
}

remedy contains {"path": ["spec", "unhealthyPodEvictionPolicy"], "value": "AlwaysAllow"}

# METADATA
# title: Autoscalers have room to scale
# description: >-
#   Where the maximum is the minimum nothing ever scales, and the load that was planned
#   for is not served.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
# custom:
#   severity: medium
#   remediation: |
#     Leave room above the minimum:
#       spec: {minReplicas: 2, maxReplicas: 10}
#   frameworks:
#     NIST 800-53: [SC-5, CP-2]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["deployment: Configure auto-scaling policies"]
#   resource_types: ["kubernetes:autoscaling/*:HorizontalPodAutoscaler"]
#   reads: [spec.minReplicas, spec.maxReplicas]
package gatehouse.kubernetes.scaling.hpa_range

# Both decide: the path is above them.
deny contains {"path": ["spec"], "message": sprintf("the most is %v replicas and the least %v", [most, least])} if {
	most := input.properties.spec.maxReplicas
	least := object.get(input.properties, ["spec", "minReplicas"], 1)
	most <= least
}

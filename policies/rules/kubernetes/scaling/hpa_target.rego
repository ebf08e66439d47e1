# METADATA
# title: Autoscalers act before pods are full
# description: >-
#   A new replica takes a minute to serve; at a target near 100 % the old ones are
#   throttled or killed in that minute.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
# custom:
#   severity: medium
#   remediation: |
#     Aim lower, at the guide's 70 %:
#       metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
#   frameworks:
#     NIST 800-53: [SC-5, CP-2]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["deployment: Configure auto-scaling policies"]
#   resource_types: ["kubernetes:autoscaling/*:HorizontalPodAutoscaler"]
#   reads: ["spec.metrics[*]", spec.targetCPUUtilizationPercentage]
#   parameters:
#     most: {type: integer, minimum: 1, maximum: 100, default: 80, description: "the highest target, in percent of what is requested"}
package gatehouse.kubernetes.scaling.hpa_target

most := data.parameters["kubernetes-scaling-hpa-target"].most

deny contains {"path": ["spec", "metrics", i, source, "target", "averageUtilization"], "message": sprintf("the target is %v %%, at most %d %% are wanted", [target, most])} if {
	some i, metric in input.properties.spec.metrics
	some source in ["resource", "containerResource"]
	target := metric[source].target.averageUtilization
	target > most
}

deny contains {"path": ["spec", "targetCPUUtilizationPercentage"], "message": sprintf("the target is %v %%, at most %d %% are wanted", [target, most])} if {
	target := input.properties.spec.targetCPUUtilizationPercentage
	target > most
}

# METADATA
# title: Autoscalers wait before they scale down
# description: >-
#   Without a pause pods come and go with each wave of load; with scaling down switched
#   off nothing is ever given back.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#configurable-scaling-behavior
# custom:
#   severity: low
#   remediation: |
#     Leave the default of five minutes, or set it:
#       behavior: {scaleDown: {stabilizationWindowSeconds: 300}}
#   frameworks:
#     NIST 800-53: [SC-5]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#   resource_types: ["kubernetes:autoscaling/*:HorizontalPodAutoscaler"]
#   reads: [spec.behavior]
#   parameters:
#     least: {type: integer, minimum: 0, default: 60, description: "the fewest seconds to wait"}
package gatehouse.kubernetes.scaling.hpa_behavior

behavior := object.get(input.properties, ["spec", "behavior"], {})

least := data.parameters["kubernetes-scaling-hpa-behavior"].least

deny contains {"path": ["spec", "behavior", "scaleDown", "stabilizationWindowSeconds"], "message": sprintf("it waits %v seconds before it scales down", [seconds])} if {
	seconds := behavior.scaleDown.stabilizationWindowSeconds
	seconds < least
}

deny contains {"path": ["spec", "behavior", direction, "selectPolicy"], "message": "scaling is switched off"} if {
	some direction in ["scaleUp", "scaleDown"]
	behavior[direction].selectPolicy == "Disabled"
}

# METADATA
# title: Autoscalers keep several replicas
# description: >-
#   With one replica at the least, each quiet night ends in an outage at the first
#   eviction.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
# custom:
#   severity: medium
#   remediation: |
#     Keep two at the least, as the guide does:
#       spec: {minReplicas: 2}
#   frameworks:
#     NIST 800-53: [CP-10, SC-36]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["deployment: Configure auto-scaling policies"]
#   resource_types: ["kubernetes:autoscaling/*:HorizontalPodAutoscaler"]
#   reads: [spec.minReplicas]
#   parameters:
#     least: {type: integer, minimum: 1, default: 2, description: "the least minimum"}
package gatehouse.kubernetes.scaling.hpa_minimum

least := data.parameters["kubernetes-scaling-hpa-minimum"].least

path := ["spec", "minReplicas"]

deny contains {"path": path, "message": sprintf("%v replicas at the least, %d are wanted", [minimum, least])} if {
	minimum := object.get(input.properties, path, 1)
	minimum < least
}

# METADATA
# title: An autoscaler scales a workload that exists and leaves its replicas alone
# description: >-
#   An autoscaler without its target scales nothing. One whose target also sets
#   replicas is set back at every deployment, in the middle of a peak.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
# custom:
#   severity: medium
#   remediation: |
#     Name the target as it is declared, and leave spec.replicas out of it:
#       spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
#   frameworks:
#     NIST 800-53: [SC-5, CM-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["deployment: Configure auto-scaling policies"]
#   subjects: ["kubernetes:autoscaling/*:HorizontalPodAutoscaler"]
#   resource_types:
#   - kubernetes:autoscaling/*:HorizontalPodAutoscaler
#   - kubernetes:apps/*:Deployment
#   - kubernetes:apps/*:StatefulSet
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     kubernetes:autoscaling/*:HorizontalPodAutoscaler: [spec.scaleTargetRef]
#     kubernetes:apps/*: [spec.replicas]
#     kubernetes:helm.sh/v3:Release: [namespace]
package gatehouse.graph.autoscaler_target

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": r.urn, "path": ["spec", "scaleTargetRef", "name"], "message": message} if {
	some r in graph.of("autoscaling/HorizontalPodAutoscaler")
	graph.namespace(r) in graph.declared
	reference := r.properties.spec.scaleTargetRef
	reference.kind in {"Deployment", "StatefulSet"}
	not pods.scale_target(r)
	message := sprintf("%s %s does not exist in the namespace", [reference.kind, reference.name])
}

deny contains {"resource": r.urn, "path": ["spec", "scaleTargetRef"], "message": message} if {
	some r in graph.of("autoscaling/HorizontalPodAutoscaler")
	target := pods.scale_target(r)
	target.properties.spec.replicas > 0
	message := sprintf("%s sets replicas itself", [target.name])
}

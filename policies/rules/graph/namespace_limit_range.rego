# METADATA
# title: Every namespace gives containers default limits
# description: >-
#   A container without requests and limits of its own is scheduled blindly and may
#   starve its neighbours, unless a LimitRange gives it defaults.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/policy/limit-range/
# custom:
#   severity: medium
#   remediation: |
#     Put one into the namespace:
#       apiVersion: v1
#        kind: LimitRange
#       metadata: {name: defaults, namespace: NAMESPACE}
#       spec: {limits: [{type: Container, defaultRequest: {cpu: 100m, memory: 128Mi}, default: {memory: 512Mi}}]}
#   frameworks:
#     NIST 800-53: [SC-6, SC-5]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Allocation"]
#   subjects: ["kubernetes:core/v1:Namespace"]
#   resource_types: ["kubernetes:core/v1:Namespace", "kubernetes:core/v1:LimitRange"]
package gatehouse.graph.namespace_limit_range

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["metadata", "name"], "message": "no LimitRange gives containers of the namespace defaults"} if {
	some r in graph.of("core/Namespace")
	not system(r)
	count(graph.inside("core/LimitRange", graph.namespace_key(r))) == 0
}

# Kubernetes' own namespaces are not ours to bound.
system(r) if startswith(graph.name(r), "kube-")

system(r) if graph.name(r) == "default"

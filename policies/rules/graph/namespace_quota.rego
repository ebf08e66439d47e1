# METADATA
# title: Every namespace has a quota
# description: >-
#   Without a quota one namespace can take all nodes, and the bill grows without
#   bound.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/policy/resource-quotas/
# custom:
#   severity: medium
#   remediation: |
#     Put one into the namespace:
#       apiVersion: v1
#        kind: ResourceQuota
#       metadata: {name: quota, namespace: NAMESPACE}
#       spec: {hard: {requests.cpu: "8", requests.memory: 16Gi, pods: "60"}}
#   frameworks:
#     NIST 800-53: [SC-6, SC-5]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Allocation"]
#   subjects: ["kubernetes:core/v1:Namespace"]
#   resource_types: ["kubernetes:core/v1:Namespace", "kubernetes:core/v1:ResourceQuota"]
package gatehouse.graph.namespace_quota

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["metadata", "name"], "message": "no ResourceQuota bounds the namespace"} if {
	some r in graph.of("core/Namespace")
	not system(r)
	count(graph.inside("core/ResourceQuota", graph.namespace_key(r))) == 0
}

# Kubernetes' own namespaces are not ours to bound.
system(r) if startswith(graph.name(r), "kube-")

system(r) if graph.name(r) == "default"

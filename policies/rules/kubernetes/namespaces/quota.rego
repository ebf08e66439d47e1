# METADATA
# title: Quotas bound CPU and memory
# description: >-
#   A quota that leaves out CPU or memory lets one namespace take all of the nodes.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/policy/resource-quotas/
# custom:
#   severity: medium
#   remediation: |
#     Bound requests of both and limits of memory:
#       spec: {hard: {requests.cpu: "20", requests.memory: 40Gi, limits.memory: 80Gi}}
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Allocation"]
#   resource_types: ["kubernetes:core/*:ResourceQuota"]
#   reads: [spec]
package gatehouse.kubernetes.namespaces.quota

hard := object.get(input.properties, ["spec", "hard"], {})

# Each can be written in two ways; a quota for pods of one kind only
# (scoped) or that counts objects says nothing of these.
deny contains {"path": ["spec"], "message": sprintf("%s is not bounded", [resource])} if {
	counts_resources
	some resource in ["cpu", "memory"]
	not hard[resource]
	not hard[sprintf("requests.%s", [resource])]
}

counts_resources if {
	some key in ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]
	hard[key]
}

counts_resources if hard in [null, {}]

# METADATA
# title: Limit ranges give containers a default
# description: >-
#   Without a default request and limit, a container that names none takes what it likes,
#   or is refused where the namespace has a quota.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/policy/limit-range/
# custom:
#   severity: low
#   remediation: |
#     Give both:
#       limits: [{type: Container, defaultRequest: {cpu: 100m, memory: 128Mi}, default: {memory: 512Mi}}]
#   frameworks:
#     NIST 800-53: [SC-5, SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#     Guide: ["readiness: Resource Allocation"]
#   resource_types: ["kubernetes:core/*:LimitRange"]
#   reads: ["spec.limits[*]"]
package gatehouse.kubernetes.namespaces.limit_range

import data.gatehouse.lib.workloads

containers := [{"path": ["spec", "limits", i], "limit": limit} |
	some i, limit in input.properties.spec.limits
	limit.type == "Container"
]

deny contains {"path": c.path, "message": "containers get no default memory limit"} if {
	some c in containers
	not c.limit["default"].memory
	not c.limit.max.memory
}

deny contains {"path": c.path, "message": sprintf("containers get no default request of %s", [resource])} if {
	some c in containers
	some resource in ["cpu", "memory"]
	not c.limit.defaultRequest[resource]
	not c.limit["default"][resource]
	not c.limit.max[resource]
}

deny contains {"path": c.path, "message": sprintf("the default request of %s is above the default limit", [resource])} if {
	some c in containers
	some resource, request in c.limit.defaultRequest
	workloads.amount(request) > workloads.amount(c.limit["default"][resource])
}

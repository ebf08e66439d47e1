# METADATA
# title: Requests are not above limits
# description: >-
#   The API server refuses a pod that requests more than its limit, but only when the pods
#   are made; the workload itself is accepted and then stays empty.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# custom:
#   severity: medium
#   remediation: |
#     Keep each request at or below its limit:
#       resources: {requests: {memory: 256Mi}, limits: {memory: 512Mi}}
#   frameworks:
#     NIST 800-53: [SC-6]
#     SOC 2: [A1.1]
#     ISO 27001: [A.8.6]
#   resource_types: ["$pods"]
#   reads: ["$pod.containers[*].name", "$pod.initContainers[*].name", "$pod.containers[*].resources", "$pod.initContainers[*].resources"]
package gatehouse.kubernetes.workloads.requests_within_limits

import data.gatehouse.lib.pods
import data.gatehouse.lib.workloads

deny contains {"path": pods.at(c, ["resources", "requests", resource]), "message": sprintf("container %q requests %v of %s, and its limit is %v", [workloads.name(c), request, resource, limit])} if {
	some c in workloads.requesting
	some resource, request in c.container.resources.requests
	limit := c.container.resources.limits[resource]
	workloads.amount(request) > workloads.amount(limit)
}

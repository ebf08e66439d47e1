# METADATA
# title: Every workload's namespace denies by default
# description: >-
#   In a namespace without a default-deny policy for both directions every pod
#   may talk to every other pod and to the internet, so one break-in reaches all.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
# custom:
#   severity: high
#   remediation: |
#     Put a policy for all pods and both directions into the namespace, and allow what is needed beside it:
#       apiVersion: networking.k8s.io/v1
#       kind: NetworkPolicy
#       metadata: {name: default-deny, namespace: NAMESPACE}
#       spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
#   frameworks:
#     CIS EKS: ["4.3.2"]
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.22]
#     Guide: ["readiness: Network Policies"]
#   subjects: [$pods]
#   resource_types: [$pods, "kubernetes:networking.k8s.io/*:NetworkPolicy", "kubernetes:core/v1:Namespace", "kubernetes:helm.sh/v3:Release"]
#   contents:
#     kubernetes:networking.k8s.io/*:NetworkPolicy: [spec.podSelector, spec.policyTypes, "spec.ingress", "spec.egress"]
package gatehouse.graph.default_deny

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": workload.urn, "path": ["metadata", "namespace"], "message": message} if {
	some namespace, members in pods.in_namespace
	open := {"ingress", "egress"} - {direction | denied[[namespace, direction]]}
	count(open) > 0
	message := sprintf("no NetworkPolicy of the namespace denies all %s by default", [concat(" and ", sort(open))])
	some workload in members
}

# denied holds [namespace, direction]: several policies may cover both together.
denied := {[graph.namespace(r), direction] |
	some r in graph.of("networking.k8s.io/NetworkPolicy")
	spec := r.properties.spec
	pods.select_all(spec.podSelector)
	some direction in directions(spec)
	not allows_all(spec, direction)
}

# directions are those that a policy is for: without policyTypes ingress, and
# egress if it has rules.
directions(spec) := {lower(type) | some type in spec.policyTypes} if {
	spec.policyTypes
} else := {"ingress"} | {"egress" | count(spec.egress) > 0}

# A rule without peers and ports allows everything.
allows_all(spec, direction) if {} in spec[direction]

# METADATA
# title: A NetworkPolicy selects pods
# description: >-
#   A policy whose selector matches no pods protects nothing, mostly because a
#   label was renamed.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
# custom:
#   severity: low
#   remediation: |
#     Select labels that the pod template has:
#       spec: {podSelector: {matchLabels: {app.kubernetes.io/name: web}}}
#   frameworks:
#     CIS EKS: ["4.3.2"]
#     NIST 800-53: [SC-7, CM-6]
#     ISO 27001: [A.8.22]
#   subjects: [kubernetes:networking.k8s.io/*:NetworkPolicy]
#   resource_types:
#   - kubernetes:networking.k8s.io/*:NetworkPolicy
#   - $pods
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     $pods: [spec.template.metadata.labels, spec.jobTemplate.spec.template.metadata.labels]
#     kubernetes:core/v1:Pod: [metadata.labels]
#     kubernetes:helm.sh/v3:Release: [namespace]
#     kubernetes:networking.k8s.io/*:NetworkPolicy: [spec.podSelector]
package gatehouse.graph.network_policy_selects

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": r.urn, "path": ["spec", "podSelector"], "message": "selects no pod of the namespace"} if {
	some r in graph.of("networking.k8s.io/NetworkPolicy")
	graph.namespace(r) in graph.declared
	not pods.select_all(r.properties.spec.podSelector)
	count(pods.selected(graph.namespace(r), r.properties.spec.podSelector)) == 0
}

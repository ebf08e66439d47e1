# METADATA
# title: A Service selects pods
# description: >-
#   A Service whose selector matches no pods accepts connections and refuses them;
#   nothing says so until a user does.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/service/
# custom:
#   severity: medium
#   remediation: |
#     Select labels that the pod template has:
#       spec: {selector: {app.kubernetes.io/name: web}}
#   frameworks:
#     NIST 800-53: [CM-6]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.9]
#   subjects: [kubernetes:core/v1:Service]
#   resource_types:
#   - kubernetes:core/v1:Service
#   - $pods
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     $pods: [spec.template.metadata.labels, spec.jobTemplate.spec.template.metadata.labels]
#     kubernetes:core/v1:Pod: [metadata.labels]
#     kubernetes:helm.sh/v3:Release: [namespace]
#     kubernetes:core/v1:Service: [spec.selector, spec.type]
package gatehouse.graph.service_selects

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": r.urn, "path": ["spec", "selector"], "message": "selects no pod of the namespace"} if {
	some r in graph.of("core/Service")
	graph.namespace(r) in graph.declared
	object.get(r.properties.spec, "type", "ClusterIP") != "ExternalName"
	selector := r.properties.spec.selector
	count(selector) > 0
	count(pods.selected(graph.namespace(r), {"matchLabels": selector})) == 0
}

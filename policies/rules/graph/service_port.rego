# METADATA
# title: A Service targets ports that its pods have
# description: >-
#   A named target port that the pods do not have leaves the Service without
#   endpoints; a number that nothing listens on refuses every connection.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
# custom:
#   severity: medium
#   remediation: |
#     Use the name that the container gives its port:
#       spec: {ports: [{port: 80, targetPort: http}]}
#   frameworks:
#     NIST 800-53: [CM-6]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.9]
#   subjects: [kubernetes:core/v1:Service]
#   resource_types:
#   - kubernetes:core/v1:Service
#   - $pods
#   - kubernetes:core/v1:Namespace
#   contents:
#     $pods: [spec.template.metadata.labels, spec.jobTemplate.spec.template.metadata.labels, "$pod.containers[*].ports", "$pod.initContainers[*].ports"]
#     kubernetes:core/v1:Pod: [metadata.labels]
#     kubernetes:core/v1:Service: [spec.selector, spec.ports]
package gatehouse.graph.service_port

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_pods as pods

deny contains {"resource": r.urn, "path": ["spec", "ports", i, "targetPort"], "message": message} if {
	some r in graph.of("core/Service")
	selector := r.properties.spec.selector
	count(selector) > 0
	some workload in pods.selected(graph.namespace(r), {"matchLabels": selector})
	own := ports(workload)
	count(own) > 0
	some i, port in r.properties.spec.ports
	target := object.get(port, "targetPort", port.port)
	not target in own
	message := sprintf("%s has no port %v", [workload.resource.name, target])
}

deny contains {"resource": r.urn, "path": ["spec", "ports", i, "targetPort"], "message": message} if {
	some r in graph.of("core/Service")
	selector := r.properties.spec.selector
	count(selector) > 0
	some workload in pods.selected(graph.namespace(r), {"matchLabels": selector})
	count(ports(workload)) == 0
	some i, port in r.properties.spec.ports
	is_string(port.targetPort)
	message := sprintf("%s names no ports, so none is %s", [workload.resource.name, port.targetPort])
}

# ports are the numbers and names of a workload's ports; restartable init
# containers serve too. A workload that lists none may listen on any number.
ports(workload) := {id |
	some list in ["containers", "initContainers"]
	some container in workload.spec[list]
	some port in container.ports
	some key in ["name", "containerPort"]
	id := port[key]
}

# METADATA
# title: An Ingress leads to Services and ports that exist
# description: >-
#   A backend that does not exist answers every visitor with 503.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/
# custom:
#   severity: medium
#   remediation: |
#     Name a Service of the same namespace, and one of its ports:
#       backend: {service: {name: web, port: {name: http}}}
#   frameworks:
#     NIST 800-53: [CM-6]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.9]
#     Guide: ["deployment: Set up load balancer and ingress"]
#   subjects: [kubernetes:networking.k8s.io/*:Ingress]
#   resource_types:
#   - kubernetes:networking.k8s.io/*:Ingress
#   - kubernetes:core/v1:Service
#   - kubernetes:core/v1:Namespace
#   - kubernetes:helm.sh/v3:Release
#   contents:
#     kubernetes:networking.k8s.io/*:Ingress: [spec.defaultBackend, spec.rules]
#     kubernetes:core/v1:Service: [spec.ports]
#     kubernetes:helm.sh/v3:Release: [namespace]
package gatehouse.graph.ingress_backend

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": array.concat(path, ["name"]), "message": message} if {
	some [r, path, service] in backends
	graph.namespace(r) in graph.declared
	count(graph.named("core/Service", graph.namespace(r), service.name)) == 0
	message := sprintf("Service %s does not exist in the namespace", [service.name])
}

deny contains {"resource": r.urn, "path": array.concat(path, ["port"]), "message": message} if {
	some [r, path, service] in backends
	some target in graph.named("core/Service", graph.namespace(r), service.name)
	ports := {port[key] | some port in target.properties.spec.ports; some key in ["name", "port"]}
	count(ports) > 0
	some wanted in service.port
	not wanted in ports
	message := sprintf("Service %s has no port %v", [service.name, wanted])
}

# backends are the Services that each Ingress names, with the path to the name.
backends contains [r, ["spec", "defaultBackend", "service"], service] if {
	some r in graph.of("networking.k8s.io/Ingress")
	service := r.properties.spec.defaultBackend.service
}

backends contains [r, ["spec", "rules", i, "http", "paths", j, "backend", "service"], service] if {
	some r in graph.of("networking.k8s.io/Ingress")
	some i, rule in r.properties.spec.rules
	some j, path in rule.http.paths
	service := path.backend.service
}

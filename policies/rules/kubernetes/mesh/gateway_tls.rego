# METADATA
# title: Gateways of the mesh serve modern TLS
# description: >-
#   A plain HTTP server that does not redirect sends sessions in clear, and TLS 1.0 and
#   1.1 have been broken for years.
# related_resources:
# - ref: https://istio.io/latest/docs/reference/config/networking/gateway/
# custom:
#   severity: high
#   remediation: |
#     Redirect port 80, and leave the version at its default or above:
#       servers: [{port: {number: 80, name: http, protocol: HTTP}, tls: {httpsRedirect: true}, hosts: [portal.example.com]}]
#   frameworks:
#     NIST 800-53: [SC-8, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management"]
#   resource_types: ["kubernetes:networking.istio.io/*:Gateway"]
#   reads: ["spec.servers[*]"]
package gatehouse.kubernetes.mesh.gateway_tls

deny contains {"path": ["spec", "servers", i], "message": sprintf("port %v speaks HTTP in clear", [object.get(server, ["port", "number"], "unknown")])} if {
	some i, server in input.properties.spec.servers
	is_string(server.port.protocol)
	upper(server.port.protocol) in {"HTTP", "HTTP2", "GRPC"}
	not object.get(server, ["tls", "httpsRedirect"], false) in [true, "true"]
}

deny contains {"path": ["spec", "servers", i, "tls", "minProtocolVersion"], "message": sprintf("%s is taken", [version])} if {
	some i, server in input.properties.spec.servers
	version := server.tls.minProtocolVersion
	version in {"TLSV1_0", "TLSV1_1"}
}

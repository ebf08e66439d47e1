# METADATA
# title: Gateways serve TLS
# description: >-
#   A listener without TLS sends passwords and session cookies in clear; one with TLS but
#   without a certificate never becomes ready.
# related_resources:
# - ref: https://gateway-api.sigs.k8s.io/guides/tls/
# custom:
#   severity: high
#   remediation: |
#     Listen for HTTPS with a certificate:
#       listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: portal-tls}]}}]
#   frameworks:
#     NIST 800-53: [SC-8, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management"]
#   resource_types: ["kubernetes:gateway.networking.k8s.io/*:Gateway"]
#   reads: ["spec.listeners[*]"]
#   parameters:
#     allow_redirects: {type: boolean, default: false, description: "whether HTTP may listen on port 80, for routes that only redirect"}
package gatehouse.kubernetes.network.gateway_tls

# What listens and how decide together: the path is the listener.
deny contains {"path": ["spec", "listeners", i], "message": sprintf("port %v speaks HTTP in clear", [object.get(listener, "port", "unknown")])} if {
	some i, listener in input.properties.spec.listeners
	listener.protocol == "HTTP"
	not redirects(listener)
}

redirects(listener) if {
	data.parameters["kubernetes-network-gateway-tls"].allow_redirects
	listener.port == 80
}

deny contains {"path": ["spec", "listeners", i], "message": "TLS has no certificate"} if {
	some i, listener in input.properties.spec.listeners
	listener.protocol in ["HTTPS", "TLS"]
	object.get(listener, ["tls", "mode"], "Terminate") != "Passthrough"
	object.get(listener, ["tls", "certificateRefs"], null) in [null, []]
	object.get(listener, ["tls", "options"], null) in [null, {}]
}

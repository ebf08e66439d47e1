# METADATA
# title: Prometheus verifies what it scrapes
# description: >-
#   With verification off anybody on the way may answer for the target, and is given the
#   credentials of the scrape.
# related_resources:
# - ref: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.TLSConfig
# custom:
#   severity: medium
#   remediation: |
#     Give the authority of the target's certificate:
#       tlsConfig: {caFile: /etc/prometheus/certs/ca.crt, serverName: portal.example.com}
#   frameworks:
#     NIST 800-53: [SC-8, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#   resource_types: ["kubernetes:monitoring.coreos.com/*:ServiceMonitor", "kubernetes:monitoring.coreos.com/*:PodMonitor"]
#   reads: ["spec.endpoints[*].tlsConfig", "spec.podMetricsEndpoints[*].tlsConfig"]
#   parameters:
#     mesh_certificates: {type: array, items: {type: string}, default: [/etc/prom-certs/], description: "folders of certificates of the mesh: they name identities and not hosts, so that a client that shows one of them cannot verify the host"}
package gatehouse.kubernetes.monitoring.monitor_tls

deny contains {"path": ["spec", kind, i, "tlsConfig"], "message": "any certificate is taken"} if {
	some kind in ["endpoints", "podMetricsEndpoints"]
	some i, endpoint in input.properties.spec[kind]
	endpoint.tlsConfig.insecureSkipVerify in [true, "true"]
	not in_mesh(endpoint.tlsConfig)
}

# The server still refuses whoever has no certificate of the mesh.
in_mesh(tls) if {
	some folder in data.parameters["kubernetes-monitoring-monitor-tls"].mesh_certificates
	startswith(tls.certFile, folder)
	startswith(tls.keyFile, folder)
}

# METADATA
# title: Services open no port on nodes
# description: >-
#   A NodePort listens on every node's address, past the load balancer, its WAF and its
#   TLS.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
# custom:
#   severity: medium
#   remediation: |
#     Use ClusterIP, and an Ingress in front of it:
#       spec: {type: ClusterIP}
#   frameworks:
#     NIST 800-53: [CM-7, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules"]
#   resource_types: ["kubernetes:core/*:Service"]
#   reads: [spec.type]
package gatehouse.kubernetes.network.node_port

deny contains {"path": ["spec", "type"], "message": "a port is opened on every node"} if {
	input.properties.spec.type == "NodePort"
}

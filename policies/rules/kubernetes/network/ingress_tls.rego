# METADATA
# title: Ingresses serve TLS
# description: >-
#   Without TLS, passwords and session cookies cross the network in clear.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
# custom:
#   severity: high
#   remediation: |
#     Name a certificate for every host:
#       spec: {tls: [{hosts: [portal.example.com], secretName: portal-tls}]}
#   frameworks:
#     NIST 800-53: [SC-8, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management", "deployment: Enable SSL/TLS certificates"]
#   resource_types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"]
#   reads: [spec.tls, "spec.rules[*].host", metadata.annotations]
package gatehouse.kubernetes.network.ingress_tls

annotations := object.get(input.properties, ["metadata", "annotations"], {})

tls := object.get(input.properties, ["spec", "tls"], [])

# A load balancer of AWS has its certificate from an annotation.
at_balancer if annotations["alb.ingress.kubernetes.io/certificate-arn"]

at_balancer if {
	ports := annotations["alb.ingress.kubernetes.io/listen-ports"]
	is_string(ports)
	contains(ports, "HTTPS")
}

deny contains {"path": [], "message": "no certificate is named"} if {
	tls in [null, []]
	not at_balancer
}

deny contains {"path": [], "message": sprintf("host %s is in no certificate", [host])} if {
	not tls in [null, []]
	not at_balancer
	some rule in input.properties.spec.rules
	host := rule.host
	is_string(host)
	not covered(host)
}

# Null is an entry, or a name, that is not known yet.
covered(_) if null in tls

# An entry without hosts serves every host.
covered(_) if {
	some entry in tls
	object.get(entry, "hosts", null) in [null, []]
}

covered(host) if {
	some entry in tls
	some name in entry.hosts
	covers(name, host)
}

covers(null, _)

covers(name, host) if name == host

covers(name, host) if {
	startswith(name, "*.")
	trim_prefix(name, "*") == substring(host, indexof(host, "."), -1)
}

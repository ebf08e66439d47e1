# METADATA
# title: Clients of the mesh verify whom they speak to
# description: >-
#   A destination rule may switch TLS off for one host, or take any certificate; the
#   policy of the server does not see that.
# related_resources:
# - ref: https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
# custom:
#   severity: medium
#   remediation: |
#     Use the mesh's own mTLS, or verify the certificate:
#       trafficPolicy: {tls: {mode: SIMPLE, caCertificates: /etc/certs/ca.pem, subjectAltNames: [db.example.com]}}
#   frameworks:
#     NIST 800-53: [SC-8, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Service Mesh"]
#   resource_types: ["kubernetes:networking.istio.io/*:DestinationRule"]
#   reads: [spec.trafficPolicy, "spec.subsets[*].trafficPolicy"]
package gatehouse.kubernetes.mesh.destination_tls

policies contains {"path": ["spec", "trafficPolicy"], "policy": input.properties.spec.trafficPolicy}

policies contains {"path": ["spec", "subsets", i, "trafficPolicy"], "policy": subset.trafficPolicy} if {
	some i, subset in input.properties.spec.subsets
}

settings contains {"path": array.concat(p.path, ["tls"]), "tls": p.policy.tls} if some p in policies

settings contains {"path": array.concat(p.path, ["portLevelSettings", i, "tls"]), "tls": port.tls} if {
	some p in policies
	some i, port in p.policy.portLevelSettings
}

deny contains {"path": array.concat(s.path, ["mode"]), "message": "TLS is switched off"} if {
	some s in settings
	s.tls.mode == "DISABLE"
}

deny contains {"path": array.concat(s.path, ["insecureSkipVerify"]), "message": "any certificate is taken"} if {
	some s in settings
	s.tls.insecureSkipVerify in [true, "true"]
}

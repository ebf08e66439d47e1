# METADATA
# title: Issuers of production are trusted by its users
# description: >-
#   Users of a portal whose certificate signs itself, or comes from a test authority,
#   learn to click warnings away.
# related_resources:
# - ref: https://cert-manager.io/docs/configuration/selfsigned/
# custom:
#   severity: low
#   remediation: |
#     Use an authority that browsers trust, or your own:
#       spec: {acme: {server: https://acme-v02.api.letsencrypt.org/directory}}
#   frameworks:
#     NIST 800-53: [SC-17, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management"]
#   resource_types: ["kubernetes:cert-manager.io/*:Issuer", "kubernetes:cert-manager.io/*:ClusterIssuer"]
#   reads: [spec.selfSigned, spec.acme]
#   parameters:
#     environments: {type: array, items: {type: string}, default: [production], description: "where it matters"}
package gatehouse.kubernetes.certificates.issuer

matters if input.stack in data.parameters["kubernetes-certificates-issuer"].environments

deny contains {"path": ["spec", "selfSigned"], "message": "its certificates sign themselves"} if {
	matters
	is_object(input.properties.spec.selfSigned)
}

deny contains {"path": ["spec", "acme", "server"], "message": "it asks a test authority"} if {
	matters
	contains(input.properties.spec.acme.server, "staging")
}

deny contains {"path": ["spec", "acme", "skipTLSVerify"], "message": "it trusts whoever answers for the authority"} if {
	matters
	input.properties.spec.acme.skipTLSVerify in [true, "true"]
}

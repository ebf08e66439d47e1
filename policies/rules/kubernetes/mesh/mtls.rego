# METADATA
# title: The mesh takes nothing in clear
# description: >-
#   PERMISSIVE takes plain text beside mTLS, so whoever is on the network may still speak
#   to the workload as nobody.
# related_resources:
# - ref: https://istio.io/latest/docs/reference/config/security/peer_authentication/
# custom:
#   severity: high
#   remediation: |
#     Ask for mTLS everywhere:
#       spec: {mtls: {mode: STRICT}}
#   frameworks:
#     NIST 800-53: [SC-8, SC-23]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.20, A.8.24]
#     Guide: ["readiness: Service Mesh"]
#   resource_types: ["kubernetes:security.istio.io/*:PeerAuthentication"]
#   reads: [spec.mtls, spec.portLevelMtls]
package gatehouse.kubernetes.mesh.mtls

open := {"PERMISSIVE", "DISABLE"}

deny contains {"path": ["spec", "mtls", "mode"], "message": sprintf("mTLS is %s", [mode])} if {
	mode := input.properties.spec.mtls.mode
	mode in open
}

deny contains {"path": ["spec", "portLevelMtls", port, "mode"], "message": sprintf("mTLS of port %s is %s", [port, mode])} if {
	some port, mtls in input.properties.spec.portLevelMtls
	mode := mtls.mode
	mode in open
}

# METADATA
# title: Services stay inside the cluster
# description: >-
#   An ExternalName leads whoever trusts the Service to a host outside, past network
#   policies; through an ingress it lends the portal's name to that host.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/service/#externalname
# custom:
#   severity: medium
#   remediation: |
#     Let the program call the host by its own name, and allow it in a network policy or a ServiceEntry:
#       kind: ServiceEntry
#   frameworks:
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#   resource_types: ["kubernetes:core/*:Service"]
#   reads: [spec.type, spec.externalName]
package gatehouse.kubernetes.network.external_name

deny contains {"path": ["spec"], "message": "the service leads out of the cluster"} if {
	input.properties.spec.type == "ExternalName"
	not within
}

within if {
	name := input.properties.spec.externalName
	is_string(name)
	host := trim_suffix(name, ".")
	endswith(host, ".svc.cluster.local")
}

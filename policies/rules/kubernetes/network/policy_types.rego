# METADATA
# title: Network policies say which directions they close
# description: >-
#   Without policyTypes a policy closes egress only when it has egress rules, so one that
#   was meant to close everything leaves the way out open.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource
# custom:
#   severity: medium
#   remediation: |
#     Write both, or the one that is meant:
#       policyTypes: [Ingress, Egress]
#   frameworks:
#     CIS EKS: ["4.3.2"]
#     CIS Kubernetes: ["5.3.2"]
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Network Policies"]
#   resource_types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"]
#   reads: [spec.policyTypes, spec.ingress, spec.egress]
package gatehouse.kubernetes.network.policy_types

types := object.get(input.properties, ["spec", "policyTypes"], [])

deny contains {"path": ["spec", "policyTypes"], "message": "no direction is named"} if {
	types in [null, []]
}

# Rules of a direction that is not named have no effect.
deny contains {"path": ["spec", "policyTypes"], "message": sprintf("rules of %s have no effect", [lower(type)])} if {
	not types in [null, []]
	not null in types
	some type in ["Ingress", "Egress"]
	not type in types
	some _ in input.properties.spec[lower(type)]
}

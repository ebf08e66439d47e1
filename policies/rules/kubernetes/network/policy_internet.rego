# METADATA
# title: Network policies allow no whole internet
# description: >-
#   An address block of everything lets a pod that was broken into send its loot anywhere,
#   or lets anybody come.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-ipblock
# custom:
#   severity: high
#   remediation: |
#     Name the block that is meant, or at least the port and what is excepted:
#       egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}], ports: [{port: 443}]}]
#   frameworks:
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20, A.8.22]
#     Guide: ["readiness: Network Policies", "readiness: Firewall Rules"]
#   resource_types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"]
#   reads: ["spec.ingress[*]", "spec.egress[*]"]
#   parameters:
#     ports_suffice: {type: boolean, default: true, description: "whether an egress rule that names ports may go to every address"}
package gatehouse.kubernetes.network.policy_internet

whole := {"0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"}

deny contains {"path": ["spec", "ingress", i], "message": sprintf("%s may come in", [peer.ipBlock.cidr])} if {
	some i, rule in input.properties.spec.ingress
	some peer in rule.from
	unbounded(peer)
}

deny contains {"path": ["spec", "egress", i], "message": sprintf("%s may be reached", [peer.ipBlock.cidr])} if {
	some i, rule in input.properties.spec.egress
	not narrowed(rule)
	some peer in rule.to
	unbounded(peer)
}

unbounded(peer) if {
	peer.ipBlock.cidr in whole
	object.get(peer.ipBlock, "except", null) in [null, []]
}

narrowed(rule) if {
	data.parameters["kubernetes-network-policy-internet"].ports_suffice
	some _ in rule.ports
}

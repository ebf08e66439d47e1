# METADATA
# title: Network policies name their peers
# description: >-
#   A rule without peers, or for every namespace, allows everybody; the policy looks like
#   protection and is none.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
# custom:
#   severity: high
#   remediation: |
#     Say from or to whom:
#       ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress}}}], ports: [{port: 7007}]}]
#   frameworks:
#     CIS EKS: ["4.3.2"]
#     CIS Kubernetes: ["5.3.2"]
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20, A.8.22]
#     Guide: ["readiness: Network Policies", "readiness: Network Segmentation"]
#   resource_types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"]
#   reads: ["spec.ingress[*]", "spec.egress[*]"]
#   parameters:
#     ports_suffice: {type: boolean, default: true, description: "whether a rule that names ports may leave out its peers (the name service of the cluster, for one)"}
package gatehouse.kubernetes.network.policy_peers

peers := {"ingress": "from", "egress": "to"}

deny contains {"path": ["spec", direction, i], "message": sprintf("%s is allowed for everybody", [direction])} if {
	some direction, key in peers
	some i, rule in input.properties.spec[direction]
	is_object(rule)
	not narrowed(rule)
	everybody(object.get(rule, key, null))
}

narrowed(rule) if {
	data.parameters["kubernetes-network-policy-peers"].ports_suffice
	some _ in rule.ports
}

everybody(null)

everybody([])

everybody(list) if {
	some peer in list
	peer.namespaceSelector == {}
	object.get(peer, "podSelector", null) in [null, {}]
}

# METADATA
# title: Ingresses name their hosts
# description: >-
#   A rule without a host, or for all of a domain, answers to names that nobody meant, and
#   takes over those of other applications.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource
# custom:
#   severity: medium
#   remediation: |
#     Write each host:
#       rules: [{host: portal.example.com}]
#   frameworks:
#     NIST 800-53: [AC-4, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#   resource_types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"]
#   reads: ["spec.rules[*].host"]
package gatehouse.kubernetes.network.ingress_hosts

deny contains {"path": ["spec", "rules", i, "host"], "message": "the rule answers to every host"} if {
	some i, rule in input.properties.spec.rules
	is_object(rule)
	object.get(rule, "host", null) in [null, "", "*"]
}

deny contains {"path": ["spec", "rules", i, "host"], "message": sprintf("the rule answers to all of %s", [rule.host])} if {
	some i, rule in input.properties.spec.rules
	is_string(rule.host)
	startswith(rule.host, "*.")
}

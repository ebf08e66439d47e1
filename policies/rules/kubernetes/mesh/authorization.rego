# METADATA
# title: Authorization policies allow somebody, not everybody
# description: >-
#   An empty rule matches every request; as ALLOW it lets all of them in, whatever the
#   other policies say.
# related_resources:
# - ref: https://istio.io/latest/docs/reference/config/security/authorization-policy/
# custom:
#   severity: high
#   remediation: |
#     Say who may do what:
#       rules: [{from: [{source: {principals: [cluster.local/ns/ingress/sa/nginx]}}], to: [{operation: {ports: ["7007"]}}]}]
#   frameworks:
#     NIST 800-53: [AC-3, AC-4]
#     SOC 2: [CC6.1, CC6.6]
#     ISO 27001: [A.8.3]
#     Guide: ["readiness: Service Mesh"]
#   resource_types: ["kubernetes:security.istio.io/*:AuthorizationPolicy"]
#   reads: [spec.action, spec.rules]
package gatehouse.kubernetes.mesh.authorization

# The action decides as much as the rules do: the path is above both.
deny contains {"path": ["spec"], "message": sprintf("rule %d allows every request", [i])} if {
	object.get(input.properties, ["spec", "action"], "ALLOW") in ["ALLOW", "", 0]
	some i, rule in input.properties.spec.rules
	is_object(rule)
	every key in ["from", "to", "when"] { object.get(rule, key, null) in [null, []] }
}

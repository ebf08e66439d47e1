# METADATA
# title: Every alert reaches a receiver
# description: >-
#   An alert that Alertmanager routes to a receiver without an integration fires
#   and tells nobody. Judged where the stack holds Alertmanager's configuration;
#   routes by labels that only the expression gives are taken to match.
# related_resources:
# - ref: https://prometheus.io/docs/alerting/latest/configuration/
# custom:
#   severity: high
#   remediation: |
#     Give the receiver of the route an integration, or route the severity to one that has:
#       route: {receiver: team, routes: [{matchers: ['severity="critical"'], receiver: on-call}]}
#       receivers: [{name: team, slack_configs: [{channel: "#alerts"}]}, {name: on-call, pagerduty_configs: […]}]
#   frameworks:
#     NIST 800-53: [SI-4, IR-6]
#     SOC 2: [CC7.3]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up alerting rules"]
#   subjects: ["kubernetes:monitoring.coreos.com/v1:PrometheusRule"]
#   resource_types:
#   - kubernetes:monitoring.coreos.com/v1:PrometheusRule
#   - kubernetes:monitoring.coreos.com/*:AlertmanagerConfig
#   - kubernetes:core/v1:Secret
#   contents:
#     kubernetes:monitoring.coreos.com/v1:PrometheusRule: ["spec.groups[*].rules", "spec.groups[*].labels"]
#     kubernetes:monitoring.coreos.com/*:AlertmanagerConfig: [spec]
#     kubernetes:core/v1:Secret: ['data["alertmanager.yaml"]', 'stringData["alertmanager.yaml"]']
package gatehouse.graph.alert_receiver

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": ["spec", "groups", i, "rules", j], "message": message} if {
	count(configurations) > 0
	some r in graph.of("monitoring.coreos.com/PrometheusRule")
	some i, group in r.properties.spec.groups
	some j, rule in group.rules
	is_string(rule.alert)
	labels := object.union(object.get(group, "labels", {}), object.union(object.get(rule, "labels", {}), {"alertname": rule.alert}))
	not delivered(labels)
	message := sprintf("alert %s goes to no receiver that tells anybody", [rule.alert])
}

# configurations are what Alertmanager reads, each {"route", "receivers"}.
configurations contains yaml.unmarshal(text) if {
	some r in graph.of("core/Secret")
	text := r.properties.stringData["alertmanager.yaml"]
}

configurations contains yaml.unmarshal(base64.decode(text)) if {
	some r in graph.of("core/Secret")
	text := r.properties.data["alertmanager.yaml"]
}

configurations contains r.properties.spec if some r in graph.of("monitoring.coreos.com/AlertmanagerConfig")

delivered(labels) if {
	some configuration in configurations
	some name in receivers(configuration.route, labels)
	some receiver in configuration.receivers
	receiver.name == name
	some key, integrations in receiver
	endswith(lower(key), "configs")
	count(integrations) > 0
}

# receivers are those that an alert may go to: of the routes below the first,
# or of the first itself where none of these is sure to take the alert.
receivers(route, labels) := below | {route.receiver | not taken(route, labels)} if {
	below := {name |
		some child in object.get(route, "routes", [])
		may_match(child, labels)
		walk(child, [_, part])
		is_route(part)
		name := object.get(part, "receiver", route.receiver)
	}
}

is_route(part) if {
	is_object(part)
	some key in ["receiver", "routes", "matchers", "match", "match_re"]
	part[key]
}

taken(route, labels) if {
	some child in route.routes
	every matcher in matchers(child) {
		holds(matcher, object.get(labels, matcher.name, ""))
		labels[matcher.name]
	}
}

may_match(route, labels) if {
	every matcher in matchers(route) {
		possible(matcher, labels)
	}
}

possible(matcher, labels) if not labels[matcher.name]

possible(matcher, labels) if holds(matcher, labels[matcher.name])

# matchers of a route in all the ways they are written, as {"name", "op", "value"}.
matchers(route) := array.concat(
	[{"name": name, "op": "=", "value": value} | some name, value in object.get(route, "match", {})],
	array.concat(
		[{"name": name, "op": "=~", "value": value} | some name, value in object.get(route, "match_re", {})],
		[matcher | some written in object.get(route, "matchers", []); matcher := parsed(written)],
	),
)

parsed(written) := {"name": parts[1], "op": parts[2], "value": parts[3]} if {
	is_string(written)
	[parts] := regex.find_all_string_submatch_n(`^\s*"?([^"=!~\s]+)"?\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$`, written, 1)
}

parsed(written) := {"name": written.name, "op": operator(written), "value": object.get(written, "value", "")} if is_object(written)

operator(written) := written.matchType if {
	written.matchType
} else := "=~" if {
	written.regex == true
} else := "="

holds(matcher, value) if {
	matcher.op == "="
	value == matcher.value
}

holds(matcher, value) if {
	matcher.op == "!="
	value != matcher.value
}

holds(matcher, value) if {
	matcher.op == "=~"
	regex.match(concat("", ["^(?:", matcher.value, ")$"]), value)
}

holds(matcher, value) if {
	matcher.op == "!~"
	not regex.match(concat("", ["^(?:", matcher.value, ")$"]), value)
}

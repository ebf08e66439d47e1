# METADATA
# title: Alerts have a receiver that tells somebody
# description: >-
#   A route that ends in a receiver without a channel swallows alerts, and everything
#   looks quiet.
# related_resources:
# - ref: https://prometheus-operator.dev/docs/developer/alerting/#managing-alertmanager-configuration
# custom:
#   severity: high
#   remediation: |
#     Give the receiver of the root route a channel:
#       receivers: [{name: on-call, pagerdutyConfigs: [{routingKey: {name: pagerduty, key: key}}]}]
#   frameworks:
#     NIST 800-53: [IR-6, SI-4]
#     SOC 2: [CC7.3]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up alerting rules"]
#   resource_types: ["kubernetes:monitoring.coreos.com/*:AlertmanagerConfig"]
#   reads: [spec.route.receiver, "spec.receivers[*]"]
package gatehouse.kubernetes.monitoring.receivers

default_receiver := input.properties.spec.route.receiver

# The route names it and the receivers define it: the path is above both.
deny contains {"path": ["spec"], "message": sprintf("receiver %s tells nobody", [default_receiver])} if {
	not tells_somebody
}

tells_somebody if {
	some receiver in input.properties.spec.receivers
	receiver.name == default_receiver
	some channel, list in receiver
	endswith(channel, "Configs")
	not list in [null, []]
}

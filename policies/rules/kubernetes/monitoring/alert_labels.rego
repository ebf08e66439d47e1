# METADATA
# title: Alerts say how bad it is and what to do
# description: >-
#   An alert without a severity reaches no receiver that routes by it, and one without a
#   runbook leaves whoever is woken to guess.
# related_resources:
# - ref: https://prometheus-operator.dev/docs/developer/alerting/
# custom:
#   severity: medium
#   remediation: |
#     Give each alert a severity, a summary and a runbook:
#       {alert: PortalDown, expr: …, labels: {severity: critical}, annotations: {summary: …, runbook_url: https://…}}
#   frameworks:
#     NIST 800-53: [IR-4, SI-4]
#     SOC 2: [CC7.3]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up alerting rules"]
#   resource_types: ["kubernetes:monitoring.coreos.com/*:PrometheusRule"]
#   reads: ["spec.groups[*]"]
#   parameters:
#     labels: {type: array, items: {type: string}, default: [severity], description: "labels that every alert has"}
#     annotations: {type: array, items: {type: string}, default: [summary, runbook_url], description: "annotations that every alert has"}
package gatehouse.kubernetes.monitoring.alert_labels

parameters := data.parameters["kubernetes-monitoring-alert-labels"]

# Labels of a group are those of its alerts; so the path is the group.
deny contains {"path": ["spec", "groups", i], "message": sprintf("alert %s has no label %s", [rule.alert, label])} if {
	some i, group in input.properties.spec.groups
	some rule in group.rules
	rule.alert
	some label in parameters.labels
	object.get(rule, ["labels", label], "") == ""
	object.get(group, ["labels", label], "") == ""
}

deny contains {"path": ["spec", "groups", i, "rules", j, "annotations"], "message": sprintf("alert %s has no annotation %s", [rule.alert, annotation])} if {
	some i, group in input.properties.spec.groups
	some j, rule in group.rules
	rule.alert
	some annotation in parameters.annotations
	object.get(rule, ["annotations", annotation], "") == ""
}

# METADATA
# title: Admission webhooks cannot lock the cluster
# description: >-
#   A webhook that is asked about everything and fails closed keeps its own pods from
#   starting again once they are gone, and the control plane with them.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
# custom:
#   severity: medium
#   remediation: |
#     Leave out the system's namespace and the webhook's own, and answer quickly:
#       webhooks: [{timeoutSeconds: 5, namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, my-webhook]}]}}]
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#   resource_types: ["kubernetes:admissionregistration.k8s.io/*:ValidatingWebhookConfiguration", "kubernetes:admissionregistration.k8s.io/*:MutatingWebhookConfiguration"]
#   reads: ["webhooks[*]"]
#   parameters:
#     most_seconds: {type: integer, minimum: 1, maximum: 30, default: 10, description: "the longest time to wait for an answer"}
package gatehouse.kubernetes.api.webhook_scope

# Several fields decide together: the path is the webhook.
deny contains {"path": ["webhooks", i], "message": sprintf("webhook %s is asked about every pod and fails closed", [name(webhook)])} if {
	some i, webhook in input.properties.webhooks
	is_object(webhook)
	object.get(webhook, "failurePolicy", "Fail") == "Fail"
	object.get(webhook, "namespaceSelector", null) in [null, {}]
	object.get(webhook, "objectSelector", null) in [null, {}]
	object.get(webhook, "matchConditions", null) in [null, []]
	some rule in webhook.rules
	asks_about_pods(rule)
}

asks_about_pods(rule) if {
	some group in rule.apiGroups
	group in {"", "*"}
	some resource in rule.resources
	resource in {"*", "*/*", "pods"}
	object.get(rule, "scope", "*") != "Cluster"
}

deny contains {"path": ["webhooks", i, "timeoutSeconds"], "message": sprintf("webhook %s may take %v seconds", [name(webhook), webhook.timeoutSeconds])} if {
	some i, webhook in input.properties.webhooks
	webhook.timeoutSeconds > data.parameters["kubernetes-api-webhook-scope"].most_seconds
}

name(webhook) := object.get(webhook, "name", "without a name")

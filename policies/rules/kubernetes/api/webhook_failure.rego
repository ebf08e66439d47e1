# METADATA
# title: Admission webhooks fail closed
# description: >-
#   With Ignore, whoever can make the webhook slow or unreachable gets everything past it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
# custom:
#   severity: medium
#   remediation: |
#     Refuse what could not be judged, and leave the system's namespaces out:
#       webhooks: [{failurePolicy: Fail, namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}}]
#   frameworks:
#     NIST 800-53: [CM-6, SC-24]
#     SOC 2: [CC6.8]
#     ISO 27001: [A.8.9]
#   resource_types: ["kubernetes:admissionregistration.k8s.io/*:ValidatingWebhookConfiguration", "kubernetes:admissionregistration.k8s.io/*:MutatingWebhookConfiguration"]
#   reads: ["webhooks[*].name", "webhooks[*].failurePolicy"]
package gatehouse.kubernetes.api.webhook_failure

deny contains {"path": ["webhooks", i, "failurePolicy"], "message": sprintf("webhook %s lets through what it could not judge", [object.get(webhook, "name", "without a name")])} if {
	some i, webhook in input.properties.webhooks
	webhook.failurePolicy == "Ignore"
}

# METADATA
# title: Messages are delivered over TLS
# description: >-
#   An HTTP endpoint gets alerts in plain text, past everybody on the way.
# related_resources:
# - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
# custom:
#   severity: medium
#   remediation: |
#     Deliver over HTTPS:
#       sns.TopicSubscriptionArgs{Protocol: pulumi.String("https"), Endpoint: pulumi.String("https://alerts.example.com/sns")}
#   frameworks:
#     NIST 800-53: [SC-8]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#   resource_types:
#   - aws:sns/topicSubscription:TopicSubscription
#   reads: [protocol]
package gatehouse.aws.sns.subscription_encrypted

deny contains {"path": ["protocol"], "message": "messages are delivered over plain HTTP"} if {
	input.properties.protocol == "http"
}

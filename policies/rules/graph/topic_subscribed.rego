# METADATA
# title: Every topic has a subscription
# description: >-
#   A topic that nobody subscribes to swallows the alarms that are sent to it.
# related_resources:
# - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html
# custom:
#   severity: low
#   remediation: |
#     Subscribe somebody:
#       sns.NewTopicSubscription(ctx, "on-call", &sns.TopicSubscriptionArgs{
#         Topic: topic.Arn, Protocol: pulumi.String("email"), Endpoint: pulumi.String(address)})
#   frameworks:
#     NIST 800-53: [SI-4, IR-6]
#     SOC 2: [CC7.3]
#     ISO 27001: [A.8.16]
#   subjects: ["aws:sns/topic:Topic"]
#   resource_types: ["aws:sns/topic:Topic", "aws:sns/topicSubscription:TopicSubscription"]
#   reads:
#     aws:sns/topicSubscription:TopicSubscription: [topic]
package gatehouse.graph.topic_subscribed

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "nothing subscribes to the topic"} if {
	some r in graph.of("sns/Topic")
	not r.urn in subscribed
}

subscribed := graph.linked("sns/TopicSubscription", "topic")

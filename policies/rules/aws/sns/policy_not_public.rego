# METADATA
# title: No topic is open to everybody
# description: >-
#   Whoever may publish sends false alerts in your name; whoever may subscribe
#   reads the real ones.
# related_resources:
# - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
# custom:
#   severity: high
#   remediation: |
#     Name the service or the account, or hold everybody to one account:
#       "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:sns/topicPolicy:TopicPolicy
#   - aws:sns/topic:Topic
#   reads: [policy]
package gatehouse.aws.sns.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": sprintf("%s opens the topic to everybody", [s.label])} if {
	some s in iam.exposed
}

# METADATA
# title: No queue is open to everybody
# description: >-
#   Whoever may send feeds your workers; whoever may receive takes messages away
#   from them.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
# custom:
#   severity: high
#   remediation: |
#     Name who may send, and for which resource:
#       "Principal": {"Service": "sns.amazonaws.com"}, "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-west-2:111122223333:jobs"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:sqs/queuePolicy:QueuePolicy
#   - aws:sqs/queue:Queue
#   reads: [policy]
package gatehouse.aws.sqs.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": sprintf("%s opens the queue to everybody", [s.label])} if {
	some s in iam.exposed
}

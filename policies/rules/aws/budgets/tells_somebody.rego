# METADATA
# title: A budget tells somebody before it is spent
# description: >-
#   A budget without a notice is a number that nobody reads. Mining on stolen
#   credentials shows in the costs first.
# related_resources:
# - ref: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
# custom:
#   severity: low
#   remediation: |
#     Send a notice to a person or a topic:
#       budgets.BudgetNotificationArgs{NotificationType: pulumi.String("FORECASTED"), ComparisonOperator: pulumi.String("GREATER_THAN"),
#         Threshold: pulumi.Float64(100), ThresholdType: pulumi.String("PERCENTAGE"), SubscriberEmailAddresses: pulumi.ToStringArray([]string{"platform@example.com"})}
#   frameworks:
#     NIST 800-53: [SI-4]
#     ISO 27001: [A.8.16]
#   resource_types:
#   - aws:budgets/budget:Budget
#   reads: [notifications]
package gatehouse.aws.budgets.tells_somebody

deny contains {"path": ["notifications"], "message": "nobody is told"} if {
	told := [who |
		some notice in input.properties.notifications
		some key in ["subscriberEmailAddresses", "subscriberSnsTopicArns"]
		some who in notice[key]
	]
	count(told) == 0
}

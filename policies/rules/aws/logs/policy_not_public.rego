# METADATA
# title: Not everybody may write logs
# description: >-
#   Whoever may write logs can hide what he did in noise, and let others pay for
#   it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
# custom:
#   severity: high
#   remediation: |
#     Name the service, and for which account it writes:
#       "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6, AU-9]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:cloudwatch/logResourcePolicy:LogResourcePolicy
#   reads: [policyDocument]
package gatehouse.aws.logs.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": sprintf("%s lets everybody in", [s.label])} if {
	some s in iam.exposed
}

# METADATA
# title: A role trusts a service for one account's work only
# description: >-
#   A service that works for every customer can be talked into using the role
#   for a stranger, unless the role asks for whom it works.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   severity: low
#   remediation: |
#     Name the account or the resource that the service works for:
#       "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1, CC6.3]
#     ISO 27001: [A.5.15]
#   resource_types:
#   - aws:iam/role:Role
#   reads: [assumeRolePolicy]
#   parameters:
#     services:
#       type: array
#       items: {type: string}
#       description: "Services that say for whom they work when they assume a role"
#       default:
#       - backup.amazonaws.com
#       - codebuild.amazonaws.com
#       - config.amazonaws.com
#       - monitoring.rds.amazonaws.com
#       - scheduler.amazonaws.com
#       - states.amazonaws.com
#       - vpc-flow-logs.amazonaws.com
package gatehouse.aws.iam.service_trust_bound

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s trusts %s, whoever it works for", [s.label, p.id]),
} if {
	some s in iam.trust
	not iam.narrowed(s)
	some p in s.principals
	p.id in data.parameters["aws-iam-service-trust-bound"].services
}

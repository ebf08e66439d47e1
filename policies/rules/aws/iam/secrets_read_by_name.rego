# METADATA
# title: Secrets and keys are named by whoever reads them
# description: >-
#   A role that may read every secret, parameter or key of the account turns one
#   broken application into the loss of all of them.
# related_resources:
# - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html
# custom:
#   severity: medium
#   remediation: |
#     Name the secrets, or bind the key to the service that uses it:
#       {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:*:111122223333:secret:portal/*"}
#   frameworks:
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2, A.8.3]
#     Guide: ["readiness: Secrets Management"]
#   resource_types:
#   - aws:iam/policy:Policy
#   - aws:iam/rolePolicy:RolePolicy
#   - aws:iam/userPolicy:UserPolicy
#   - aws:iam/groupPolicy:GroupPolicy
#   - aws:iam/role:Role
#   reads: [policy, "inlinePolicies[*].policy"]
package gatehouse.aws.iam.secrets_read_by_name

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows %s on every resource", [s.label, action]),
} if {
	some s in iam.free
	iam.everything(s)
	some action in [
		"kms:Decrypt",
		"secretsmanager:GetSecretValue",
		"ssm:GetParameter",
		"ssm:GetParameters",
		"ssm:GetParametersByPath",
	]
	iam.covers(s.actions, lower(action))
}

# METADATA
# title: No policy lets its bearer grant itself more
# description: >-
#   Whoever may write policies, attach them, trust himself with a role or make
#   keys of any user has all rights of the account, only one call away.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
# custom:
#   severity: critical
#   remediation: |
#     Name the roles, or demand a permissions boundary on all that is written:
#       {"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "arn:aws:iam::111122223333:role/portal-*"}
#   frameworks:
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2]
#   resource_types:
#   - aws:iam/policy:Policy
#   - aws:iam/rolePolicy:RolePolicy
#   - aws:iam/userPolicy:UserPolicy
#   - aws:iam/groupPolicy:GroupPolicy
#   - aws:iam/role:Role
#   reads: [policy, "inlinePolicies[*].policy"]
package gatehouse.aws.iam.no_privilege_escalation

import data.gatehouse.lib.iam

deny contains {
	"path": s.path,
	"message": sprintf("%s allows %s on every %s", [s.label, action, kind]),
} if {
	some s in iam.free
	some kind, actions in escalations
	iam.anywhere(s, kind)
	some action in actions
	iam.covers(s.actions, lower(action))
}

# escalations are the actions that end in more rights, by what they are done to.
escalations := {
	"policy": ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"],
	"role": ["iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"],
	"user": [
		"iam:AttachUserPolicy",
		"iam:CreateAccessKey",
		"iam:CreateLoginProfile",
		"iam:PutUserPolicy",
		"iam:UpdateLoginProfile",
	],
	"group": ["iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:PutGroupPolicy"],
}

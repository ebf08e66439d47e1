# METADATA
# title: Users have no policies of their own
# description: >-
#   Rights that hang on single users are forgotten when people change jobs;
#   those of groups and roles are seen and reviewed.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
# custom:
#   severity: medium
#   remediation: |
#     Attach the policy to a role or a group:
#       iam.NewGroupPolicyAttachment(ctx, "readers", &iam.GroupPolicyAttachmentArgs{Group: readers.Name, PolicyArn: policy.Arn})
#   frameworks:
#     CIS AWS: ["1.15"]
#     NIST 800-53: [AC-2, AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2]
#     Guide: ["readiness: Access Reviews"]
#   resource_types:
#   - aws:iam/userPolicy:UserPolicy
#   - aws:iam/userPolicyAttachment:UserPolicyAttachment
#   - aws:iam/policyAttachment:PolicyAttachment
#   reads: [users]
package gatehouse.aws.iam.no_user_policies

deny contains {"path": [], "message": "the policy hangs on a single user"} if {
	input.type in {"aws:iam/userPolicy:UserPolicy", "aws:iam/userPolicyAttachment:UserPolicyAttachment"}
}

deny contains {
	"path": ["users"],
	"message": sprintf("the policy hangs on %d single users", [count(input.properties.users)]),
} if {
	count(input.properties.users) > 0
}

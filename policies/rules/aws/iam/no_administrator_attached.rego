# METADATA
# title: No managed policy of administrators is attached
# description: >-
#   AWS's administrator policies allow everything, and nobody sees it in the
#   program that attaches them.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
# custom:
#   severity: critical
#   remediation: |
#     Attach a policy for the job, or write one that names its actions:
#       iam.RolePolicyAttachmentArgs{Role: role.Name, PolicyArn: pulumi.String("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy")}
#   frameworks:
#     CIS AWS: ["1.16"]
#     NIST 800-53: [AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2]
#   resource_types:
#   - aws:iam/rolePolicyAttachment:RolePolicyAttachment
#   - aws:iam/userPolicyAttachment:UserPolicyAttachment
#   - aws:iam/groupPolicyAttachment:GroupPolicyAttachment
#   - aws:iam/policyAttachment:PolicyAttachment
#   - aws:iam/role:Role
#   - aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive
#   - aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment
#   reads: [policyArn, managedPolicyArn, managedPolicyArns, policyArns]
#   parameters:
#     policies:
#       type: array
#       items: {type: string}
#       description: "Names of AWS managed policies that nobody may attach"
#       default: [AdministratorAccess, IAMFullAccess]
package gatehouse.aws.iam.no_administrator_attached

deny contains {"path": a.path, "message": sprintf("%s is attached", [name])} if {
	some a in attached
	contains(a.arn, ":iam::aws:policy/")
	name := regex.replace(a.arn, `^.*/`, "")
	name in data.parameters["aws-iam-no-administrator-attached"].policies
}

attached contains {"path": [key], "arn": arn} if {
	some key in ["policyArn", "managedPolicyArn"]
	arn := input.properties[key]
}

attached contains {"path": [key, i], "arn": arn} if {
	some key in ["managedPolicyArns", "policyArns"]
	some i, arn in input.properties[key]
	is_string(arn)
}

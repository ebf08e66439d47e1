# METADATA
# title: Passwords are long and not used again
# description: >-
#   Short passwords are guessed, and passwords that come back have been seen
#   before.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
# custom:
#   severity: medium
#   remediation: |
#     Demand length and history:
#       iam.AccountPasswordPolicyArgs{MinimumPasswordLength: pulumi.Int(14), PasswordReusePrevention: pulumi.Int(24)}
#   frameworks:
#     CIS AWS: ["1.8", "1.9"]
#     NIST 800-53: [IA-5]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["deployment: Set strong passwords for all services"]
#   resource_types:
#   - aws:iam/accountPasswordPolicy:AccountPasswordPolicy
#   reads: [minimumPasswordLength, passwordReusePrevention]
#   parameters:
#     length:
#       type: integer
#       minimum: 6
#       maximum: 128
#       default: 14
#       description: "Characters that a password needs at least"
#     history:
#       type: integer
#       minimum: 1
#       maximum: 24
#       default: 24
#       description: "Former passwords that may not come back"
package gatehouse.aws.iam.password_policy

deny contains {
	"path": ["minimumPasswordLength"],
	"message": sprintf("%v characters are enough; %d are required", [length, data.parameters["aws-iam-password-policy"].length]),
} if {
	length := object.get(input.properties, "minimumPasswordLength", 6)
	to_number(length) < data.parameters["aws-iam-password-policy"].length
}

deny contains {
	"path": ["passwordReusePrevention"],
	"message": sprintf("%v former passwords are remembered; %d are required", [history, data.parameters["aws-iam-password-policy"].history]),
} if {
	history := object.get(input.properties, "passwordReusePrevention", 0)
	to_number(history) < data.parameters["aws-iam-password-policy"].history
}

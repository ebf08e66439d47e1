# METADATA
# title: Sessions of roles are short
# description: >-
#   A stolen session lasts as long as the role lets sessions last.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html
# custom:
#   severity: low
#   remediation: |
#     Leave the duration at its default of an hour, or set a shorter one:
#       iam.RoleArgs{MaxSessionDuration: pulumi.Int(3600)}
#   frameworks:
#     NIST 800-53: [AC-12]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.5]
#   resource_types:
#   - aws:iam/role:Role
#   reads: [maxSessionDuration]
#   parameters:
#     seconds:
#       type: integer
#       minimum: 3600
#       maximum: 43200
#       default: 14400
#       description: "The longest session in seconds"
package gatehouse.aws.iam.role_session_short

deny contains {
	"path": ["maxSessionDuration"],
	"message": sprintf("a session lasts %v s; at most %d s are allowed", [duration, data.parameters["aws-iam-role-session-short"].seconds]),
} if {
	duration := input.properties.maxSessionDuration
	to_number(duration) > data.parameters["aws-iam-role-session-short"].seconds
}

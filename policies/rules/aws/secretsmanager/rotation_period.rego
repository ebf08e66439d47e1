# METADATA
# title: Secrets are renewed often enough
# description: >-
#   A secret that has leaked opens doors until it changes, whether or not
#   anybody noticed the leak.
# related_resources:
# - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
# custom:
#   severity: medium
#   remediation: |
#     Rotate by days:
#       RotationRules: secretsmanager.SecretRotationRotationRulesArgs{AutomaticallyAfterDays: pulumi.Int(30)}
#   frameworks:
#     NIST 800-53: [IA-5, SC-12]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management"]
#   resource_types:
#   - aws:secretsmanager/secretRotation:SecretRotation
#   reads: [rotationRules]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 1000
#       default: 90
#       description: "Days after which a secret must be renewed"
package gatehouse.aws.secretsmanager.rotation_period

deny contains {
	"path": ["rotationRules", "automaticallyAfterDays"],
	"message": sprintf("the secret is renewed after %v days; at most %d are allowed", [days, data.parameters["aws-secretsmanager-rotation-period"].days]),
} if {
	days := input.properties.rotationRules.automaticallyAfterDays
	to_number(days) > data.parameters["aws-secretsmanager-rotation-period"].days
}

deny contains {
	"path": ["rotationRules", "scheduleExpression"],
	"message": sprintf("%s renews the secret too seldom; at most %d days are allowed", [schedule, data.parameters["aws-secretsmanager-rotation-period"].days]),
} if {
	schedule := input.properties.rotationRules.scheduleExpression
	seldom(schedule)
}

deny contains {"path": ["rotationRules"], "message": "nothing says when the secret is renewed"} if {
	not input.properties.rotationRules.automaticallyAfterDays
	not input.properties.rotationRules.scheduleExpression
}

# rate(N days) is compared with the parameter; hours are always often enough.
seldom(schedule) if {
	parts := regex.find_all_string_submatch_n(`^rate\((\d+) days?\)$`, schedule, 1)
	to_number(parts[0][1]) > data.parameters["aws-secretsmanager-rotation-period"].days
}

# The fourth field of cron(…), which rates lack, says in which months it runs.
seldom(schedule) if {
	months := split(schedule, " ")[3]
	not months in {"*", "1/1", "*/1"}
}

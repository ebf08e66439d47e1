# METADATA
# title: Every secret is rotated
# description: >-
#   A secret that never changes is worth as much to whoever copied it two years
#   ago as on the first day.
# related_resources:
# - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
# custom:
#   severity: medium
#   remediation: |
#     Rotate it by a function, or waive the rule for secrets that another system issues:
#       secretsmanager.NewSecretRotation(ctx, "db", &secretsmanager.SecretRotationArgs{SecretId: secret.ID(),
#         RotationLambdaArn: rotate.Arn, RotationRules: …{AutomaticallyAfterDays: pulumi.Int(30)}})
#   frameworks:
#     NIST 800-53: [IA-5, SC-12]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management", "deployment: Configure secrets management"]
#   subjects: ["aws:secretsmanager/secret:Secret"]
#   resource_types: ["aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretRotation:SecretRotation"]
#   reads:
#     aws:secretsmanager/secretRotation:SecretRotation: [secretId]
package gatehouse.graph.secret_rotation

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "nothing rotates the secret"} if {
	some r in graph.of("secretsmanager/Secret")
	not r.urn in rotated
}

rotated := graph.linked("secretsmanager/SecretRotation", "secretId")

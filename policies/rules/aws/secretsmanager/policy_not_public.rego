# METADATA
# title: No secret is open to everybody
# description: >-
#   A resource policy that names everybody hands the secret to every AWS
#   account.
# related_resources:
# - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
# custom:
#   severity: critical
#   remediation: |
#     Name the roles that may read it, and let Secrets Manager refuse wide policies:
#       secretsmanager.SecretPolicyArgs{SecretArn: secret.Arn, Policy: policy, BlockPublicPolicy: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#     Guide: ["readiness: Secrets Management"]
#   resource_types:
#   - aws:secretsmanager/secretPolicy:SecretPolicy
#   - aws:secretsmanager/secret:Secret
#   reads: [policy]
package gatehouse.aws.secretsmanager.policy_not_public

import data.gatehouse.lib.iam

deny contains {"path": s.path, "message": sprintf("%s opens the secret to everybody", [s.label])} if {
	some s in iam.exposed
}

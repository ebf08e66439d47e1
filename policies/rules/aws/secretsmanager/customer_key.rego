# METADATA
# title: Secrets are encrypted with a key of one's own
# description: >-
#   With the key that AWS manages nobody can say who may decrypt, share across
#   accounts, or see the use of the key apart.
# related_resources:
# - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
# custom:
#   severity: medium
#   remediation: |
#     Name the key:
#       secretsmanager.SecretArgs{KmsKeyId: key.Arn}
#   frameworks:
#     NIST 800-53: [SC-12, SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Secrets Management", "deployment: Configure secrets management"]
#   resource_types:
#   - aws:secretsmanager/secret:Secret
#   reads: [kmsKeyId]
package gatehouse.aws.secretsmanager.customer_key

deny contains {"path": ["kmsKeyId"], "message": "the secret is encrypted with the key that AWS manages"} if {
	key := object.get(input.properties, "kmsKeyId", null)
	aws_managed(key)
}

aws_managed(key) if key in {null, ""}

aws_managed(key) if endswith(key, "alias/aws/secretsmanager")

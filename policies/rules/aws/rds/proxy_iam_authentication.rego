# METADATA
# title: RDS Proxy lets applications in by IAM
# description: >-
#   A pooler that takes passwords keeps the passwords of the database alive in
#   every application.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
# custom:
#   severity: medium
#   remediation: |
#     Require IAM of every way in:
#       rds.ProxyAuthArgs{AuthScheme: pulumi.String("SECRETS"), IamAuth: pulumi.String("REQUIRED"), SecretArn: secret.Arn}
#   frameworks:
#     NIST 800-53: [IA-2, IA-5]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.5]
#     Guide: ['readiness: Connection Pooling']
#   resource_types: ['aws:rds/proxy:Proxy']
#   reads: ['auths[*].iamAuth']
package gatehouse.aws.rds.proxy_iam_authentication

deny contains {"path": ["auths", i, "iamAuth"], "message": "passwords are taken"} if {
	some i, auth in input.properties.auths
	is_object(auth)
	not upper(sprintf("%v", [object.get(auth, "iamAuth", "")])) == "REQUIRED"
}

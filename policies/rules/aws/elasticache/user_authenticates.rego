# METADATA
# title: Every ElastiCache user that is on has a password or IAM
# description: >-
#   A user that is on and needs no password lets in whoever reaches the port; the
#   default user of AWS is one and may do everything.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
# custom:
#   severity: critical
#   remediation: |
#     Authenticate by IAM, and switch the default user off:
#       elasticache.UserArgs{UserName: pulumi.String("default"), AccessString: pulumi.String("off ~* -@all"), …}
#       elasticache.UserAuthenticationModeArgs{Type: pulumi.String("iam")}
#   frameworks:
#     NIST 800-53: [IA-2, IA-5, AC-3]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.5]
#     Guide: ['deployment: Set strong passwords for all services']
#   resource_types: ['aws:elasticache/user:User']
#   reads: [accessString, noPasswordRequired, authenticationMode.type]
package gatehouse.aws.elasticache.user_authenticates

import data.gatehouse.lib.elasticache

deny contains {"path": [], "message": "the user is on and needs no password"} if {
	elasticache.user_on
	open
}

open if input.properties.noPasswordRequired in {true, "true"}

open if input.properties.authenticationMode.type == "no-password-required"

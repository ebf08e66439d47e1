# METADATA
# title: Only named sources may invoke a function
# description: >-
#   A service that works for every customer invokes the function for any of
#   them, unless the permission says for whom.
# related_resources:
# - ref: https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
# custom:
#   severity: high
#   remediation: |
#     Name the resource or the account behind the service:
#       lambda.PermissionArgs{Principal: pulumi.String("events.amazonaws.com"), SourceArn: rule.Arn}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:lambda/permission:Permission
#   reads: [principal, principalOrgId, sourceArn, sourceAccount]
package gatehouse.aws.lambda.permission_bound

deny contains {
	"path": [],
	"message": sprintf("%s may invoke the function for any account", [input.properties.principal]),
} if {
	anybody(input.properties.principal)
	every key in ["principalOrgId", "sourceArn", "sourceAccount"] {
		object.get(input.properties, key, null) in {null, "", "*"}
	}
}

anybody("*")

anybody(principal) if endswith(principal, ".amazonaws.com")

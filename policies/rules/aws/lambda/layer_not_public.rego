# METADATA
# title: No layer is shared with everybody
# description: >-
#   A public layer shows its code to every AWS account, with all that was packed
#   by mistake.
# related_resources:
# - ref: https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html
# custom:
#   severity: high
#   remediation: |
#     Name the account, or the organization:
#       lambda.LayerVersionPermissionArgs{Principal: pulumi.String("*"), OrganizationId: pulumi.String("o-a1b2c3d4e5")}
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types:
#   - aws:lambda/layerVersionPermission:LayerVersionPermission
#   reads: [principal, organizationId]
package gatehouse.aws.lambda.layer_not_public

deny contains {"path": [], "message": "the layer is shared with all accounts"} if {
	input.properties.principal == "*"
	object.get(input.properties, "organizationId", null) in {null, ""}
}

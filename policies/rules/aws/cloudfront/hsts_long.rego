# METADATA
# title: Browsers are told to come back over HTTPS only
# description: >-
#   Until a browser has been told so for a year, each first visit may begin in
#   the clear, where somebody on the way can keep it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
# custom:
#   severity: medium
#   remediation: |
#     Send the header for a year or longer, whatever the origin says:
#       cloudfront.ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs{
#           AccessControlMaxAgeSec: pulumi.Int(31536000), IncludeSubdomains: pulumi.Bool(true), Override: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SC-8]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24, A.8.26]
#     Guide: ["deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"]
#   reads: [securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec]
#   parameters:
#     seconds:
#       type: integer
#       minimum: 1
#       default: 31536000
#       description: How long browsers must remember it at least
package gatehouse.aws.cloudfront.hsts_long

keys := ["securityHeadersConfig", "strictTransportSecurity", "accessControlMaxAgeSec"]

deny contains {"path": keys, "message": sprintf("browsers remember HTTPS for %d seconds, under %d", [age, least])} if {
	age := to_number(object.get(input.properties, keys, 0))
	least := data.parameters["aws-cloudfront-hsts-long"].seconds
	age < least
}

# METADATA
# title: Answers carry the headers that browsers defend with
# description: >-
#   Without them a browser runs scripts from anywhere, guesses that an upload is
#   a script, and lets any site put the portal into a frame to catch clicks.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
# custom:
#   severity: low
#   remediation: |
#     Add all three:
#       cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs{
#           ContentSecurityPolicy: …, ContentTypeOptions: …, FrameOptions: …}
#   frameworks:
#     NIST 800-53: [SI-10, SC-18]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.26]
#   resource_types: ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"]
#   reads:
#   - securityHeadersConfig.contentSecurityPolicy
#   - securityHeadersConfig.contentTypeOptions
#   - securityHeadersConfig.frameOptions
package gatehouse.aws.cloudfront.security_headers_sent

headers := {
	"contentSecurityPolicy": "Content-Security-Policy",
	"contentTypeOptions": "X-Content-Type-Options",
}

deny contains {"path": ["securityHeadersConfig", key], "message": sprintf("%s is not sent", [header])} if {
	some key, header in headers
	not input.properties.securityHeadersConfig[key]
}

deny contains {"path": ["securityHeadersConfig"], "message": "nothing says who may frame the pages"} if {
	not input.properties.securityHeadersConfig.frameOptions
	csp := object.get(input.properties, ["securityHeadersConfig", "contentSecurityPolicy", "contentSecurityPolicy"], "")
	not contains(lower(csp), "frame-ancestors")
}

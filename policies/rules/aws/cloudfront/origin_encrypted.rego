# METADATA
# title: CloudFront talks to its origins over TLS 1.2
# description: >-
#   HTTPS that ends at the edge protects half of the way: from there to the
#   origin the same cookies cross the internet once more.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html
# custom:
#   severity: high
#   remediation: |
#     Use HTTPS only, and nothing older than TLS 1.2:
#       cloudfront.DistributionOriginCustomOriginConfigArgs{OriginProtocolPolicy: pulumi.String("https-only"),
#           OriginSslProtocols: pulumi.ToStringArray([]string{"TLSv1.2"})}
#   frameworks:
#     NIST 800-53: [SC-8, SC-13]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:cloudfront/distribution:Distribution"]
#   reads: ["origins[*].customOriginConfig.originProtocolPolicy", "origins[*].customOriginConfig.originSslProtocols"]
package gatehouse.aws.cloudfront.origin_encrypted

configs[i] := origin.customOriginConfig if some i, origin in input.properties.origins

deny contains {"path": ["origins", i, "customOriginConfig", "originProtocolPolicy"], "message": sprintf("the policy is %s", [config.originProtocolPolicy])} if {
	some i, config in configs
	config.originProtocolPolicy != "https-only"
}

deny contains {"path": ["origins", i, "customOriginConfig", "originSslProtocols", j], "message": sprintf("%s is accepted", [protocol])} if {
	some i, config in configs
	some j, protocol in config.originSslProtocols
	protocol in {"SSLv3", "TLSv1", "TLSv1.1"}
}

# METADATA
# title: CloudFront serves its visitors over HTTPS only
# description: >-
#   With allow-all a visitor who types the address without https gets pages and
#   session cookies in the clear.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html
# custom:
#   severity: high
#   remediation: |
#     Redirect, in every cache behaviour:
#       cloudfront.DistributionDefaultCacheBehaviorArgs{ViewerProtocolPolicy: pulumi.String("redirect-to-https")}
#   frameworks:
#     NIST 800-53: [SC-8]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:cloudfront/distribution:Distribution"]
#   reads: [defaultCacheBehavior.viewerProtocolPolicy, "orderedCacheBehaviors[*].viewerProtocolPolicy"]
package gatehouse.aws.cloudfront.viewer_https_only

deny contains {"path": ["defaultCacheBehavior", "viewerProtocolPolicy"], "message": "visitors are served over plain HTTP"} if {
	input.properties.defaultCacheBehavior.viewerProtocolPolicy == "allow-all"
}

deny contains {"path": ["orderedCacheBehaviors", i, "viewerProtocolPolicy"], "message": "visitors are served over plain HTTP"} if {
	some i, behaviour in input.properties.orderedCacheBehaviors
	behaviour.viewerProtocolPolicy == "allow-all"
}

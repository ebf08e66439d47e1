# METADATA
# title: Buckets behind CloudFront answer CloudFront only
# description: >-
#   Without an origin access control the bucket must be public, and everyone can
#   go round the firewall, the log and the geographic restriction.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
# custom:
#   severity: medium
#   remediation: |
#     Sign the requests, and let the bucket's policy accept no others:
#       cloudfront.DistributionOriginArgs{OriginId: pulumi.String("docs"), DomainName: bucket.BucketRegionalDomainName, OriginAccessControlId: access.ID()}
#   frameworks:
#     NIST 800-53: [AC-3, SC-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ["aws:cloudfront/distribution:Distribution"]
#   reads:
#   - origins[*].domainName
#   - origins[*].originAccessControlId
#   - origins[*].s3OriginConfig.originAccessIdentity
package gatehouse.aws.cloudfront.bucket_origin_private

deny contains {"path": ["origins", i], "message": "the bucket must be public to be read"} if {
	some i, origin in input.properties.origins
	regex.match(`\.s3([.-][a-z0-9.-]+)?\.amazonaws\.com(\.cn)?$`, origin.domainName)
	object.get(origin, "originAccessControlId", "") == ""
	object.get(origin, ["s3OriginConfig", "originAccessIdentity"], "") == ""
}

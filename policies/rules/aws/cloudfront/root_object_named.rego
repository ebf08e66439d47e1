# METADATA
# title: The root of a distribution over a bucket shows a page
# description: >-
#   Without a default root object CloudFront asks the bucket for its root, which
#   answers with the list of all that is in it when it may be listed.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html
# custom:
#   severity: low
#   remediation: |
#     Name the page:
#       cloudfront.DistributionArgs{DefaultRootObject: pulumi.String("index.html")}
#   frameworks:
#     NIST 800-53: [AC-3]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ["aws:cloudfront/distribution:Distribution"]
#   reads: [defaultRootObject, "origins[*].s3OriginConfig", "origins[*].originAccessControlId"]
package gatehouse.aws.cloudfront.root_object_named

deny contains {"path": ["defaultRootObject"], "message": "the root shows what the bucket answers"} if {
	object.get(input.properties, "defaultRootObject", "") == ""
	some origin in input.properties.origins
	of_bucket(origin)
}

of_bucket(origin) if origin.s3OriginConfig

of_bucket(origin) if object.get(origin, "originAccessControlId", "") != ""

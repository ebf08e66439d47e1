# METADATA
# title: CloudFront keeps access logs
# description: >-
#   What the edge answers from its cache or turns away never reaches the
#   application: only this log shows who asked.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html
# custom:
#   severity: medium
#   remediation: |
#     Log to a bucket, without cookies, which carry sessions:
#       cloudfront.DistributionLoggingConfigArgs{Bucket: logs.BucketDomainName, IncludeCookies: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [AU-2, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types: ["aws:cloudfront/distribution:Distribution"]
#   reads: [loggingConfig.bucket, loggingConfig.includeCookies]
package gatehouse.aws.cloudfront.access_logged

deny contains {"path": ["loggingConfig", "bucket"], "message": "requests are not logged"} if {
	object.get(input.properties, ["loggingConfig", "bucket"], "") == ""
}

deny contains {"path": ["loggingConfig", "includeCookies"], "message": "the log holds cookies, and with them sessions"} if {
	input.properties.loggingConfig.includeCookies == true
}

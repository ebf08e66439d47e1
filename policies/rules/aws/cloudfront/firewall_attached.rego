# METADATA
# title: CloudFront has a web application firewall
# description: >-
#   Without one, floods and the attacks that scanners try on every site reach the
#   application, which has to be right every time.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html
# custom:
#   severity: high
#   remediation: |
#     Attach a web ACL of scope CLOUDFRONT, which lives in us-east-1:
#       cloudfront.DistributionArgs{WebAclId: firewall.Arn}
#   frameworks:
#     NIST 800-53: [SC-7, SC-5, SI-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: DDoS Protection", "deployment: Configure WAF rules"]
#   resource_types: ["aws:cloudfront/distribution:Distribution"]
#   reads: [webAclId]
package gatehouse.aws.cloudfront.firewall_attached

deny contains {"path": ["webAclId"], "message": "no web ACL is attached"} if {
	object.get(input.properties, "webAclId", "") == ""
}

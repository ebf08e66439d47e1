# METADATA
# title: Every web ACL logs
# description: >-
#   Without its log nobody sees which requests a web ACL blocked, nor which
#   visitors a wrong rule shut out.
# related_resources:
# - ref: https://docs.aws.amazon.com/waf/latest/developerguide/logging.html
# custom:
#   severity: medium
#   remediation: |
#     Send the log to a log group or bucket whose name begins with aws-waf-logs-:
#       wafv2.NewWebAclLoggingConfiguration(ctx, "edge", &wafv2.WebAclLoggingConfigurationArgs{
#         ResourceArn: acl.Arn, LogDestinationConfigs: pulumi.StringArray{logs.Arn}})
#   frameworks:
#     NIST 800-53: [AU-2, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   subjects: ["aws:wafv2/webAcl:WebAcl"]
#   resource_types: ["aws:wafv2/webAcl:WebAcl", "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"]
#   reads:
#     aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration: [resourceArn]
package gatehouse.graph.waf_logging

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "no logging configuration is about the web ACL"} if {
	some r in graph.of("wafv2/WebAcl")
	not r.urn in logged
}

logged := graph.linked("wafv2/WebAclLoggingConfiguration", "resourceArn")

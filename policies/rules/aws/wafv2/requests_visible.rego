# METADATA
# title: The firewall shows what it does
# description: >-
#   Without metrics nobody sees that a rule has begun to block customers, and
#   without samples nobody sees why.
# related_resources:
# - ref: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-testing-view-sample.html
# custom:
#   severity: low
#   remediation: |
#     Turn both on, for the ACL and each of its rules:
#       wafv2.WebAclVisibilityConfigArgs{CloudwatchMetricsEnabled: pulumi.Bool(true), SampledRequestsEnabled: pulumi.Bool(true), MetricName: pulumi.String("portal")}
#   frameworks:
#     NIST 800-53: [SI-4, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up security monitoring"]
#   resource_types: ["aws:wafv2/webAcl:WebAcl", "aws:wafv2/ruleGroup:RuleGroup"]
#   reads:
#   - visibilityConfig.cloudwatchMetricsEnabled
#   - visibilityConfig.sampledRequestsEnabled
#   - rules[*].visibilityConfig.cloudwatchMetricsEnabled
#   - rules[*].visibilityConfig.sampledRequestsEnabled
package gatehouse.aws.wafv2.requests_visible

configs contains {"path": ["visibilityConfig"], "config": input.properties.visibilityConfig}

configs contains {"path": ["rules", i, "visibilityConfig"], "config": rule.visibilityConfig} if {
	some i, rule in input.properties.rules
}

deny contains {"path": array.concat(c.path, [key]), "message": sprintf("%s is off", [name])} if {
	some c in configs
	some key, name in {"cloudwatchMetricsEnabled": "the metric", "sampledRequestsEnabled": "sampling"}
	object.get(c.config, key, false) != true
}

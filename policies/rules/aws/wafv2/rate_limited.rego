# METADATA
# title: The firewall stops whoever asks too often
# description: >-
#   A rule that counts requests and lets them through stops no flood and no
#   guessing of passwords. One rule must block by rate.
# related_resources:
# - ref: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
# custom:
#   severity: high
#   remediation: |
#     Block by rate:
#       wafv2.WebAclRuleArgs{
#           Action: wafv2.WebAclRuleActionArgs{Block: wafv2.WebAclRuleActionBlockArgs{}},
#           Statement: wafv2.WebAclRuleStatementArgs{RateBasedStatement: wafv2.WebAclRuleStatementRateBasedStatementArgs{Limit: pulumi.Int(2000)}},
#       }
#   frameworks:
#     NIST 800-53: [SC-5, AC-7]
#     SOC 2: [CC6.6, A1.2]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: DDoS Protection", "readiness: API Security", "deployment: Configure WAF rules"]
#   resource_types: ["aws:wafv2/webAcl:WebAcl"]
#   reads: [rules, ruleJson]
#   parameters:
#     limit:
#       type: integer
#       minimum: 10
#       default: 10000
#       description: The most requests that one address may make in the rule's window
package gatehouse.aws.wafv2.rate_limited

import data.gatehouse.lib.firewall

deny contains {"path": firewall.path, "message": "no rule blocks by rate"} if count(firewall.limits) == 0

deny contains {"path": firewall.path, "message": sprintf("the lowest limit is %d requests, over %d", [min(firewall.limits), most])} if {
	most := data.parameters["aws-wafv2-rate-limited"].limit
	min(firewall.limits) > most
}

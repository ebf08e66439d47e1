# METADATA
# title: The firewall blocks with AWS's core rule groups
# description: >-
#   The core group stops what scanners try on every site, known-bad-inputs what
#   is exploited right now. A group that is overridden to count stops nothing.
# related_resources:
# - ref: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
# custom:
#   severity: high
#   remediation: |
#     Add each group without overriding it as a whole; single rules that get in the way may count:
#       wafv2.WebAclRuleArgs{
#           OverrideAction: wafv2.WebAclRuleOverrideActionArgs{None: wafv2.WebAclRuleOverrideActionNoneArgs{}},
#           Statement: wafv2.WebAclRuleStatementArgs{ManagedRuleGroupStatement: wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs{
#               VendorName: pulumi.String("AWS"), Name: pulumi.String("AWSManagedRulesCommonRuleSet")}},
#       }
#   frameworks:
#     NIST 800-53: [SC-7, SI-3, SI-10]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.26]
#     Guide: ["deployment: Configure WAF rules"]
#   resource_types: ["aws:wafv2/webAcl:WebAcl"]
#   reads: [rules, ruleJson]
#   parameters:
#     groups:
#       type: array
#       items: {type: string}
#       default: [AWSManagedRulesCommonRuleSet, AWSManagedRulesKnownBadInputsRuleSet]
#       description: AWS's managed rule groups that must block
package gatehouse.aws.wafv2.managed_rules_block

import data.gatehouse.lib.firewall

deny contains {"path": firewall.path, "message": sprintf("%s %s", [group, fault])} if {
	some group in data.parameters["aws-wafv2-managed-rules-block"].groups
	not {"vendor": "AWS", "name": group, "counts": false} in firewall.groups
	fault := {true: "only counts", false: "is missing"}[{"vendor": "AWS", "name": group, "counts": true} in firewall.groups]
}

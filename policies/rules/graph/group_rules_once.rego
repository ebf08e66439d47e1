# METADATA
# title: The rules of a security group are written in one way
# description: >-
#   A group with rules inline and rules as resources undoes one of them at every
#   update: a port is open or closed depending on what ran last.
# related_resources:
# - ref: https://www.pulumi.com/registry/packages/aws/api-docs/vpc/securitygroupingressrule/
# custom:
#   severity: medium
#   remediation: |
#     Leave Ingress and Egress out of the group, and write each rule as a resource:
#       vpc.NewSecurityGroupIngressRule(ctx, "from-pods", &vpc.SecurityGroupIngressRuleArgs{SecurityGroupId: group.ID(), …})
#   frameworks:
#     NIST 800-53: [CM-6, SC-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.9]
#   subjects: ["aws:ec2/securityGroup:SecurityGroup"]
#   resource_types:
#   - aws:ec2/securityGroup:SecurityGroup
#   - aws:ec2/securityGroupRule:SecurityGroupRule
#   - aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule
#   - aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule
#   reads:
#     aws:ec2/securityGroupRule:SecurityGroupRule: [securityGroupId]
#     aws:vpc/*: [securityGroupId]
#   contents:
#     aws:ec2/securityGroup:SecurityGroup: [ingress, egress]
#     aws:ec2/securityGroupRule:SecurityGroupRule: [type]
package gatehouse.graph.group_rules_once

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [direction], "message": sprintf("has %s rules inline and as resources", [direction])} if {
	some r in graph.of("ec2/SecurityGroup")
	some direction in ["ingress", "egress"]
	count(r.properties[direction]) > 0
	[r.urn, direction] in separate
}

# separate holds [group, direction] of the rules that are resources.
separate contains [urn, "ingress"] if some urn in graph.linked("vpc/SecurityGroupIngressRule", "securityGroupId")

separate contains [urn, "egress"] if some urn in graph.linked("vpc/SecurityGroupEgressRule", "securityGroupId")

separate contains [urn, r.properties.type] if {
	some r in graph.of("ec2/SecurityGroupRule")
	some urn in r.links.securityGroupId
}

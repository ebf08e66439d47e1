# METADATA
# title: Security groups and their rules say what they are for
# description: >-
#   A rule without a reason is never removed, because nobody dares to. A
#   description tells a reviewer whether it is still needed.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: low
#   remediation: |
#     Say who connects and why:
#       vpc.SecurityGroupIngressRuleArgs{Description: pulumi.String("HTTPS from the VPC")}
#   frameworks:
#     NIST 800-53: [CM-6, CM-8]
#     SOC 2: [CC6.6]
#     Guide: ["readiness: Firewall Rules"]
#   resource_types:
#   - aws:ec2/securityGroup:SecurityGroup
#   - aws:ec2/securityGroupRule:SecurityGroupRule
#   - aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule
#   - aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule
#   reads: ["description", "ingress[*].description", "egress[*].description"]
package gatehouse.aws.vpc.rules_described

import data.gatehouse.lib.network

# What the provider writes where the program says nothing.
nothing := {"", "Managed by Pulumi", "Managed by Terraform"}

deny contains {"path": array.concat(e.path, ["description"]), "message": "there is no description"} if {
	some e in network.entries
	object.get(e.entry, "description", "") in nothing
}

# METADATA
# title: Security groups let nobody in on every port from anywhere
# description: >-
#   A group that lets everything in is no firewall: whatever listens behind it,
#   now or later, faces the internet.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-best-practices.html
# custom:
#   severity: critical
#   remediation: |
#     Name one protocol, one port and who may connect:
#       vpc.SecurityGroupIngressRuleArgs{IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(443), ToPort: pulumi.Int(443), CidrIpv4: pulumi.String("10.0.0.0/16")}
#   frameworks:
#     NIST 800-53: [SC-7, CM-7]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules"]
#   resource_types:
#   - aws:ec2/securityGroup:SecurityGroup
#   - aws:ec2/defaultSecurityGroup:DefaultSecurityGroup
#   - aws:ec2/securityGroupRule:SecurityGroupRule
#   - aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule
#   reads:
#   - ingress[*].protocol
#   - ingress[*].fromPort
#   - ingress[*].toPort
#   - ingress[*].cidrBlocks
#   - ingress[*].ipv6CidrBlocks
#   - type
#   - protocol
#   - ipProtocol
#   - fromPort
#   - toPort
#   - cidrBlocks
#   - ipv6CidrBlocks
#   - cidrIpv4
#   - cidrIpv6
package gatehouse.aws.vpc.all_traffic_closed

import data.gatehouse.lib.network

deny contains {"path": p.path, "message": sprintf("every %s is open to %s", [what(p.protocol), p.cidr])} if {
	some p in network.exposed
	p.from <= 1
	p.to >= 65535
}

what(protocol) := "protocol" if protocol in network.unlimited

what(protocol) := sprintf("%s port", [protocol]) if not protocol in network.unlimited

# METADATA
# title: Only public ports are open to anywhere
# description: >-
#   What the internet may reach is decided once, as a list of ports. Anything
#   else that is open to it was opened for a test or by mistake.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-best-practices.html
# custom:
#   severity: medium
#   remediation: |
#     Serve through the load balancer on 443, and let in its security group only:
#       vpc.SecurityGroupIngressRuleArgs{ReferencedSecurityGroupId: balancer.ID(), FromPort: pulumi.Int(7007), ToPort: pulumi.Int(7007)}
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
#   parameters:
#     ports:
#       type: array
#       items: {type: integer, minimum: 1, maximum: 65535}
#       uniqueItems: true
#       default: [80, 443]
#       description: Ports that anyone may reach
package gatehouse.aws.vpc.public_ports_only

import data.gatehouse.lib.network

deny contains {"path": p.path, "message": sprintf("ports %d to %d are open to %s", [p.from, p.to, p.cidr])} if {
	some p in network.exposed
	public := [port | some port in data.parameters["aws-vpc-public-ports-only"].ports; network.spans(p, port)]
	(p.to - p.from) + 1 > count(public)
}

# Ping is harmless, and path MTU discovery needs ICMP.
judged := (network.ported | network.unlimited) | {"icmp", "icmpv6", "1", "58"}

deny contains {"path": p.path, "message": sprintf("protocol %s is open to %s", [p.protocol, p.cidr])} if {
	some p in network.exposed
	not p.protocol in judged
}

# METADATA
# title: Security groups do not let everything out to anywhere
# description: >-
#   Whoever gets into a workload fetches tools and sends data out over any port
#   that is open. Naming the ports makes both harder, and shows what is needed.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: low
#   remediation: |
#     Name the ports and networks that the workload calls:
#       vpc.SecurityGroupEgressRuleArgs{IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(443), ToPort: pulumi.Int(443), CidrIpv4: pulumi.String("0.0.0.0/0")}
#   frameworks:
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules"]
#   resource_types:
#   - aws:ec2/securityGroup:SecurityGroup
#   - aws:ec2/securityGroupRule:SecurityGroupRule
#   - aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule
#   reads:
#   - egress[*].protocol
#   - egress[*].cidrBlocks
#   - egress[*].ipv6CidrBlocks
#   - type
#   - protocol
#   - ipProtocol
#   - cidrBlocks
#   - ipv6CidrBlocks
#   - cidrIpv4
#   - cidrIpv6
package gatehouse.aws.vpc.egress_limited

import data.gatehouse.lib.network

deny contains {"path": p.path, "message": sprintf("every protocol may go to %s", [p.cidr])} if {
	some p in network.departing
	p.protocol in network.unlimited
}

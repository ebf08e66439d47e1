# METADATA
# title: Security groups let nobody administer from anywhere
# description: >-
#   SSH and RDP that the whole internet can reach are found within minutes and
#   tried with stolen and guessed credentials from then on.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: critical
#   remediation: |
#     Administer through the VPN or Session Manager, and name the network that may connect:
#       vpc.SecurityGroupIngressRuleArgs{CidrIpv4: pulumi.String("10.0.0.0/16"), FromPort: pulumi.Int(22), ToPort: pulumi.Int(22)}
#   frameworks:
#     CIS AWS: ["5.2", "5.3"]
#     NIST 800-53: [SC-7, AC-17]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules", "readiness: VPN Access"]
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
#       default: [22, 3389]
#       description: Ports of remote administration
package gatehouse.aws.vpc.admin_ports_closed

import data.gatehouse.lib.network

deny contains {"path": p.path, "message": message} if {
	some p in network.exposed
	ports := network.spanned(p, data.parameters["aws-vpc-admin-ports-closed"].ports)
	ports != ""
	message := sprintf("open to %s: port %s", [p.cidr, ports])
}

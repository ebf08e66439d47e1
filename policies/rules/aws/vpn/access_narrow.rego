# METADATA
# title: The VPN does not let everyone go everywhere
# description: >-
#   A rule for all groups and all addresses makes the VPN a way through the VPC
#   to every network that is joined to it.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html
# custom:
#   severity: medium
#   remediation: |
#     Name the network that people administer, and who may:
#       ec2clientvpn.AuthorizationRuleArgs{TargetNetworkCidr: pulumi.String("10.0.0.0/16"), AccessGroupId: pulumi.String("S-1-5-21-operators")}
#   frameworks:
#     NIST 800-53: [AC-17, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: VPN Access"]
#   resource_types: ["aws:ec2clientvpn/authorizationRule:AuthorizationRule"]
#   reads: [targetNetworkCidr, authorizeAllGroups]
package gatehouse.aws.vpn.access_narrow

import data.gatehouse.lib.network

deny contains {"path": ["targetNetworkCidr"], "message": sprintf("everyone gets to %s", [input.properties.targetNetworkCidr])} if {
	input.properties.authorizeAllGroups == true
	network.open(input.properties.targetNetworkCidr)
}

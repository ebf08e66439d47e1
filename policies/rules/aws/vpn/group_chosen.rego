# METADATA
# title: The VPN has a security group of its own
# description: >-
#   Without one it joins the VPC's default group, and whoever is in that group
#   takes the VPN's clients for its own.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authorization.html
# custom:
#   severity: medium
#   remediation: |
#     Make a group for the clients, and let it into what they administer:
#       ec2clientvpn.EndpointArgs{SecurityGroupIds: pulumi.StringArray{clients.ID()}, VpcId: network.ID()}
#   frameworks:
#     NIST 800-53: [SC-7, AC-17]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.22]
#     Guide: ["readiness: VPN Access"]
#   resource_types: ["aws:ec2clientvpn/endpoint:Endpoint"]
#   reads: [securityGroupIds]
package gatehouse.aws.vpn.group_chosen

deny contains {"path": ["securityGroupIds"], "message": "clients are in the VPC's default security group"} if {
	count(object.get(input.properties, "securityGroupIds", [])) == 0
}

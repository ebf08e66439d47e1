# METADATA
# title: Instances have no public address
# description: >-
#   An instance with a public address is one security group rule away from the
#   internet. People come over the VPN, users over the load balancer.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
# custom:
#   severity: high
#   remediation: |
#     Put it into a private subnet and do not ask for an address:
#       ec2.InstanceArgs{AssociatePublicIpAddress: pulumi.Bool(false)}
#   frameworks:
#     CIS EKS: ["5.4.3"]
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Network Segmentation"]
#   resource_types:
#   - aws:ec2/instance:Instance
#   - aws:ec2/launchTemplate:LaunchTemplate
#   - aws:ec2/launchConfiguration:LaunchConfiguration
#   reads: [associatePublicIpAddress, "networkInterfaces[*].associatePublicIpAddress"]
package gatehouse.aws.ec2.address_private

deny contains {"path": ["associatePublicIpAddress"], "message": "it gets a public address"} if {
	input.properties.associatePublicIpAddress in {true, "true"}
}

deny contains {"path": ["networkInterfaces", i, "associatePublicIpAddress"], "message": "it gets a public address"} if {
	some i, card in input.properties.networkInterfaces
	card.associatePublicIpAddress in {true, "true"}
}

# METADATA
# title: Subnets give out no public addresses
# description: >-
#   In such a subnet everything that is launched faces the internet, whether or
#   not it was meant to. Load balancers and NAT gateways bring their own address.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html
# custom:
#   severity: medium
#   remediation: |
#     Turn it off, and give an Elastic IP to what must be public:
#       ec2.SubnetArgs{MapPublicIpOnLaunch: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.22]
#     Guide: ["readiness: Network Segmentation"]
#   resource_types: ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"]
#   reads: [mapPublicIpOnLaunch]
package gatehouse.aws.vpc.subnet_addresses_private

deny contains {"path": ["mapPublicIpOnLaunch"], "message": "instances get a public address"} if {
	input.properties.mapPublicIpOnLaunch in {true, "true"}
}

# AWS turns it on in default subnets.
deny contains {"path": ["mapPublicIpOnLaunch"], "message": "instances get a public address, as in any default subnet"} if {
	endswith(input.type, ":DefaultSubnet")
	object.get(input.properties, "mapPublicIpOnLaunch", null) == null
}

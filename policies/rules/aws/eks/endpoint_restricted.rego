# METADATA
# title: The cluster's public API answers known networks only
# description: >-
#   An API server that everyone reaches is probed by everyone. A leaked token or
#   a flaw in it can then be used from anywhere.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
# custom:
#   severity: high
#   remediation: |
#     Close the public endpoint and come over the VPN, or name the networks:
#       eks.ClusterVpcConfigArgs{EndpointPublicAccess: pulumi.Bool(true), PublicAccessCidrs: pulumi.ToStringArray([]string{"203.0.113.0/24"})}
#   frameworks:
#     CIS EKS: ["5.4.1", "5.4.2"]
#     NIST 800-53: [SC-7, AC-17]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules", "readiness: VPN Access"]
#   resource_types: ["aws:eks/cluster:Cluster"]
#   reads: [vpcConfig.endpointPublicAccess, vpcConfig.publicAccessCidrs]
package gatehouse.aws.eks.endpoint_restricted

import data.gatehouse.lib.network

config := object.get(input.properties, "vpcConfig", {})

# Public is the default, and open to anyone. Both values decide together.
deny contains {"path": ["vpcConfig"], "message": "the public endpoint answers anyone"} if {
	public
	count(object.get(config, "publicAccessCidrs", [])) == 0
}

deny contains {"path": ["vpcConfig"], "message": sprintf("the public endpoint answers %s", [cidr])} if {
	public
	some cidr in config.publicAccessCidrs
	network.open(cidr)
}

public if object.get(config, "endpointPublicAccess", true) in {true, "true"}

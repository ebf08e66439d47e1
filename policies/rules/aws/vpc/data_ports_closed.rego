# METADATA
# title: Security groups let nobody reach a data store from anywhere
# description: >-
#   A database, cache, queue or file system that answers the internet is one
#   weak password or one unpatched flaw away from giving up everything it holds.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html
# custom:
#   severity: critical
#   remediation: |
#     Let in the security group of the clients:
#       vpc.SecurityGroupIngressRuleArgs{ReferencedSecurityGroupId: workloads.ID(), FromPort: pulumi.Int(5432), ToPort: pulumi.Int(5432)}
#   frameworks:
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20, A.8.22]
#     Guide: ["readiness: Firewall Rules", "readiness: Network Segmentation"]
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
#       default: [1433, 1521, 2049, 2379, 3306, 5432, 5439, 6379, 6380, 9042, 9092, 9200, 9300, 11211, 26379, 27017]
#       description: Ports of data stores
package gatehouse.aws.vpc.data_ports_closed

import data.gatehouse.lib.network

deny contains {"path": p.path, "message": message} if {
	some p in network.exposed
	ports := network.spanned(p, data.parameters["aws-vpc-data-ports-closed"].ports)
	ports != ""
	message := sprintf("open to %s: port %s", [p.cidr, ports])
}

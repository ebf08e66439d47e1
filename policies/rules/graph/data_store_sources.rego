# METADATA
# title: Data stores take connections from their own network only
# description: >-
#   A security group of a store that admits more than the VPC's own range lets
#   strangers try passwords and exploits on it.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
# custom:
#   severity: critical
#   remediation: |
#     Admit the security groups of the clients, not addresses:
#       vpc.SecurityGroupIngressRuleArgs{ReferencedSecurityGroupId: clients.ID(), …}
#   frameworks:
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules"]
#   subjects:
#   - aws:rds/instance:Instance
#   - aws:rds/cluster:Cluster
#   - aws:elasticache/replicationGroup:ReplicationGroup
#   - aws:elasticache/cluster:Cluster
#   - aws:elasticache/serverlessCache:ServerlessCache
#   - aws:efs/mountTarget:MountTarget
#   resource_types:
#   - aws:rds/instance:Instance
#   - aws:rds/cluster:Cluster
#   - aws:elasticache/replicationGroup:ReplicationGroup
#   - aws:elasticache/cluster:Cluster
#   - aws:elasticache/serverlessCache:ServerlessCache
#   - aws:efs/mountTarget:MountTarget
#   - aws:ec2/securityGroup:SecurityGroup
#   - aws:ec2/securityGroupRule:SecurityGroupRule
#   - aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule
#   - aws:ec2/vpc:Vpc
#   reads:
#     aws:rds/*: [vpcSecurityGroupIds]
#     aws:elasticache/*: [securityGroupIds]
#     aws:efs/mountTarget:MountTarget: [securityGroups]
#     aws:ec2/securityGroup:SecurityGroup: [vpcId]
#     aws:ec2/securityGroupRule:SecurityGroupRule: [securityGroupId]
#     aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule: [securityGroupId]
#   contents:
#     aws:ec2/securityGroup:SecurityGroup: ["ingress[*].cidrBlocks", "ingress[*].ipv6CidrBlocks"]
#     aws:ec2/securityGroupRule:SecurityGroupRule: [type, cidrBlocks, ipv6CidrBlocks]
#     aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule: [cidrIpv4, cidrIpv6]
#     aws:ec2/vpc:Vpc: [cidrBlock]
package gatehouse.graph.data_store_sources

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [property], "message": message} if {
	some kind, property in stores
	some r in graph.of(kind)
	some group in graph.links(r, property, "ec2/SecurityGroup")
	some cidr in sources[group]
	wide(cidr, group)
	message := sprintf("security group %s admits %s", [graph.resource[group].name, cidr])
}

stores := {
	"efs/MountTarget": "securityGroups",
	"elasticache/Cluster": "securityGroupIds",
	"elasticache/ReplicationGroup": "securityGroupIds",
	"elasticache/ServerlessCache": "securityGroupIds",
	"rds/Cluster": "vpcSecurityGroupIds",
	"rds/Instance": "vpcSecurityGroupIds",
}

# sources are the ranges that each security group admits, whichever way its
# rules are written.
sources[r.urn] contains cidr if {
	some r in graph.of("ec2/SecurityGroup")
	some rule in r.properties.ingress
	some property in ["cidrBlocks", "ipv6CidrBlocks"]
	some cidr in rule[property]
}

sources[group] contains cidr if {
	some r in graph.of("ec2/SecurityGroupRule")
	r.properties.type == "ingress"
	some group in r.links.securityGroupId
	some property in ["cidrBlocks", "ipv6CidrBlocks"]
	some cidr in r.properties[property]
}

sources[group] contains cidr if {
	some r in graph.of("vpc/SecurityGroupIngressRule")
	some group in r.links.securityGroupId
	some property in ["cidrIpv4", "cidrIpv6"]
	cidr := r.properties[property]
}

# wide tells whether a range holds public addresses or more than the VPC does.
wide(cidr, _) if not private(cidr)

wide(cidr, group) if {
	some vpc in graph.links(graph.resource[group], "vpcId", "ec2/Vpc")
	own := graph.resource[vpc].properties.cidrBlock
	not contains(cidr, ":")
	to_number(split(cidr, "/")[1]) < to_number(split(own, "/")[1])
}

private(cidr) if {
	some range in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
	contains(cidr, ":") == contains(range, ":")
	net.cidr_contains(range, cidr)
}

# An IPv6 range of a VPC is public, and at most as wide as Amazon hands out.
private(cidr) if {
	contains(cidr, ":")
	to_number(split(cidr, "/")[1]) >= 56
}

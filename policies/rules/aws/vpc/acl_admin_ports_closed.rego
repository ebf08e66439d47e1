# METADATA
# title: Network ACLs let nobody administer from anywhere
# description: >-
#   The ACL is the second fence, for the day when somebody opens a security
#   group too far. One that lets SSH and RDP in from the internet does not help.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
# custom:
#   severity: medium
#   remediation: |
#     Let in the networks that belong here, or deny the ports before the rule that allows the rest:
#       ec2.NetworkAclIngressArgs{RuleNo: pulumi.Int(90), Action: pulumi.String("deny"), Protocol: pulumi.String("tcp"),
#           FromPort: pulumi.Int(22), ToPort: pulumi.Int(22), CidrBlock: pulumi.String("0.0.0.0/0")}
#   frameworks:
#     CIS AWS: ["5.1"]
#     NIST 800-53: [SC-7, AC-17]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules", "readiness: Network Segmentation"]
#   resource_types:
#   - aws:ec2/networkAcl:NetworkAcl
#   - aws:ec2/defaultNetworkAcl:DefaultNetworkAcl
#   - aws:ec2/networkAclRule:NetworkAclRule
#   reads: [ingress, egress, ruleAction, protocol, fromPort, toPort, cidrBlock, ipv6CidrBlock]
#   parameters:
#     ports:
#       type: array
#       items: {type: integer, minimum: 1, maximum: 65535}
#       default: [22, 3389]
#       description: Ports of remote administration
package gatehouse.aws.vpc.acl_admin_ports_closed

import data.gatehouse.lib.network

deny contains {"path": path, "message": sprintf("port %d is open to %s", [port, p.cidr])} if {
	some p in network.exposed
	action(p) == "allow"
	some port in data.parameters["aws-vpc-acl-admin-ports-closed"].ports
	network.spans(p, port)
	not decided(p, port)
}

# The rules decide together.
path := ["ingress"] if not endswith(input.type, ":NetworkAclRule")

path := [] if endswith(input.type, ":NetworkAclRule")

action(p) := lower(p.entry.action)

action(p) := lower(p.entry.ruleAction)

# decided tells whether a rule that comes earlier decides about the port: the
# first that fits counts.
decided(p, port) if {
	some q in network.exposed
	q.entry.ruleNo < p.entry.ruleNo
	contains(q.cidr, ":") == contains(p.cidr, ":")
	endswith(q.cidr, "/0")
	network.spans(q, port)
}

# METADATA
# title: The default security group of every VPC is closed
# description: >-
#   What is started without a security group gets the VPC's default one, which
#   admits all its members and lets everything out, unless the stack takes it over.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
# custom:
#   severity: medium
#   remediation: |
#     Take the default group over, without rules:
#       ec2.NewDefaultSecurityGroup(ctx, "closed", &ec2.DefaultSecurityGroupArgs{VpcId: vpc.ID()})
#   frameworks:
#     CIS AWS: ["5.4"]
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules"]
#   subjects: ["aws:ec2/vpc:Vpc"]
#   resource_types: ["aws:ec2/vpc:Vpc", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"]
#   reads:
#     aws:ec2/defaultSecurityGroup:DefaultSecurityGroup: [vpcId]
package gatehouse.graph.default_group_closed

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "nothing takes over the VPC's default security group"} if {
	some r in graph.of("ec2/Vpc")
	not r.urn in taken_over
}

taken_over := graph.linked("ec2/DefaultSecurityGroup", "vpcId")

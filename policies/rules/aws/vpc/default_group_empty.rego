# METADATA
# title: The default security group lets nothing through
# description: >-
#   Whatever is made without a security group gets the VPC's default one. When
#   that one has no rules, forgetting the group cuts off instead of opening up.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
# custom:
#   severity: medium
#   remediation: |
#     Take the default group over and give it no rules:
#       ec2.NewDefaultSecurityGroup(ctx, "closed", &ec2.DefaultSecurityGroupArgs{VpcId: network.ID()})
#   frameworks:
#     CIS AWS: ["5.4"]
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.20]
#     Guide: ["readiness: Firewall Rules"]
#   resource_types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"]
#   reads: [ingress, egress]
package gatehouse.aws.vpc.default_group_empty

deny contains {"path": [direction], "message": sprintf("the default group has %d %s rules", [n, direction])} if {
	some direction in ["ingress", "egress"]
	n := count(input.properties[direction])
	n > 0
}

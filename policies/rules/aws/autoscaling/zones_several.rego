# METADATA
# title: A group of instances spans several zones
# description: >-
#   A group in one zone is gone when that zone is, and AWS can then start no
#   instance of it anywhere else.
# related_resources:
# - ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html
# custom:
#   severity: medium
#   remediation: |
#     Name a subnet in each zone:
#       autoscaling.GroupArgs{VpcZoneIdentifiers: pulumi.StringArray{a.ID(), b.ID(), c.ID()}}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#     Guide: ["deployment: Configure auto-scaling policies"]
#   resource_types: ["aws:autoscaling/group:Group"]
#   reads: [vpcZoneIdentifiers, availabilityZones]
#   parameters:
#     zones:
#       type: integer
#       minimum: 1
#       default: 2
#       description: The fewest zones or subnets
package gatehouse.aws.autoscaling.zones_several

deny contains {"path": [], "message": sprintf("there are %d zones or subnets, fewer than %d", [found, zones])} if {
	found := max([count(object.get(input.properties, key, [])) | some key in ["vpcZoneIdentifiers", "availabilityZones"]])
	found < zones
}

zones := data.parameters["aws-autoscaling-zones-several"].zones

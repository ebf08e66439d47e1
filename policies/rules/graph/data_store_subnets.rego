# METADATA
# title: Data stores stand in subnets without a way to the internet
# description: >-
#   A subnet whose route table leads to an internet gateway makes a store
#   reachable from outside as soon as one setting or security group slips.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
# custom:
#   severity: critical
#   remediation: |
#     Use subnets whose route table has no route to an internet gateway:
#       rds.SubnetGroupArgs{SubnetIds: pulumi.StringArray{isolatedA.ID(), isolatedB.ID(), isolatedC.ID()}}
#   frameworks:
#     NIST 800-53: [SC-7, AC-4]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.22]
#     Guide: ["readiness: Network Segmentation"]
#   subjects:
#   - aws:rds/subnetGroup:SubnetGroup
#   - aws:elasticache/subnetGroup:SubnetGroup
#   - aws:efs/mountTarget:MountTarget
#   - aws:docdb/subnetGroup:SubnetGroup
#   - aws:neptune/subnetGroup:SubnetGroup
#   - aws:redshift/subnetGroup:SubnetGroup
#   resource_types:
#   - aws:rds/subnetGroup:SubnetGroup
#   - aws:elasticache/subnetGroup:SubnetGroup
#   - aws:efs/mountTarget:MountTarget
#   - aws:docdb/subnetGroup:SubnetGroup
#   - aws:neptune/subnetGroup:SubnetGroup
#   - aws:redshift/subnetGroup:SubnetGroup
#   - aws:ec2/subnet:Subnet
#   - aws:ec2/vpc:Vpc
#   - aws:ec2/routeTable:RouteTable
#   - aws:ec2/defaultRouteTable:DefaultRouteTable
#   - aws:ec2/route:Route
#   - aws:ec2/routeTableAssociation:RouteTableAssociation
#   - aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation
#   - aws:ec2/internetGateway:InternetGateway
#   reads:
#     "*": [subnetIds]
#     aws:efs/mountTarget:MountTarget: [subnetId]
#     aws:ec2/subnet:Subnet: [vpcId]
#     aws:ec2/defaultRouteTable:DefaultRouteTable: [defaultRouteTableId]
#     aws:ec2/route:Route: [gatewayId, routeTableId]
#     aws:ec2/routeTableAssociation:RouteTableAssociation: [subnetId, routeTableId]
#     aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation: [vpcId, routeTableId]
#   contents:
#     aws:ec2/routeTable:RouteTable: [routes]
#     aws:ec2/defaultRouteTable:DefaultRouteTable: [routes]
#     aws:ec2/route:Route: [destinationCidrBlock, destinationIpv6CidrBlock]
package gatehouse.graph.data_store_subnets

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_network as network

deny contains {"resource": r.urn, "path": [property], "message": message} if {
	some kind, property in stores
	some r in graph.of(kind)
	some urn in r.links[property]
	urn in network.public
	message := sprintf("subnet %s routes to an internet gateway", [graph.resource[urn].name])
}

stores := {
	"docdb/SubnetGroup": "subnetIds",
	"efs/MountTarget": "subnetId",
	"elasticache/SubnetGroup": "subnetIds",
	"neptune/SubnetGroup": "subnetIds",
	"rds/SubnetGroup": "subnetIds",
	"redshift/SubnetGroup": "subnetIds",
}

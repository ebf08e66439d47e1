# METADATA
# title: Subnets leave through a NAT gateway of their own zone
# description: >-
#   When the zone of the one NAT gateway fails, the subnets of all zones lose the
#   internet; until then every byte across zones is paid for.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
# custom:
#   severity: low
#   remediation: |
#     Make one NAT gateway and one route table a zone:
#       ec2.RouteArgs{RouteTableId: tables[zone].ID(), DestinationCidrBlock: pulumi.String("0.0.0.0/0"), NatGatewayId: nats[zone].ID()}
#   frameworks:
#     NIST 800-53: [CP-10, SC-5]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.14]
#   subjects: ["aws:ec2/subnet:Subnet"]
#   resource_types:
#   - aws:ec2/subnet:Subnet
#   - aws:ec2/vpc:Vpc
#   - aws:ec2/natGateway:NatGateway
#   - aws:ec2/routeTable:RouteTable
#   - aws:ec2/defaultRouteTable:DefaultRouteTable
#   - aws:ec2/route:Route
#   - aws:ec2/routeTableAssociation:RouteTableAssociation
#   - aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation
#   reads:
#     aws:ec2/subnet:Subnet: [vpcId]
#     aws:ec2/natGateway:NatGateway: [subnetId]
#     aws:ec2/defaultRouteTable:DefaultRouteTable: [defaultRouteTableId]
#     aws:ec2/route:Route: [natGatewayId, routeTableId]
#     aws:ec2/routeTableAssociation:RouteTableAssociation: [subnetId, routeTableId]
#     aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation: [vpcId, routeTableId]
#   contents:
#     aws:ec2/subnet:Subnet: [availabilityZone]
#     aws:ec2/routeTable:RouteTable: [routes]
#     aws:ec2/defaultRouteTable:DefaultRouteTable: [routes]
#     aws:ec2/route:Route: [destinationCidrBlock, destinationIpv6CidrBlock]
package gatehouse.graph.nat_in_zone

import data.gatehouse.lib.graph
import data.gatehouse.lib.graph_network as network

deny contains {"resource": r.urn, "path": ["availabilityZone"], "message": message} if {
	some r in graph.of("ec2/Subnet")
	zones := {zone |
		some table in network.tables[r.urn]
		some nat in network.nat_gateways[table]
		some subnet in graph.resource[nat].links.subnetId
		zone := graph.resource[subnet].properties.availabilityZone
	}
	count(zones) > 0
	not r.properties.availabilityZone in zones
	message := sprintf("leaves through a NAT gateway in %s", [concat(", ", sort(zones))])
}

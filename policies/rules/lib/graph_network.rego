# METADATA
# title: Where packets go
# description: >-
#   Which subnets route to the internet and to which NAT gateway, joined through
#   route tables however these are written: inline, as routes of their own, or as
#   the main table of the VPC.
package gatehouse.lib.graph_network

import data.gatehouse.lib.graph

# everywhere tells whether a destination is a default route, or half of one.
everywhere(cidr) if to_number(split(cidr, "/")[1]) <= 1

# default_routes are the routes to everywhere: the tables that they are in, the
# resource that holds each, and its property that may lead to a NAT gateway.
default_routes := array.concat(single_routes, inline_routes)

single_routes := [{"tables": tables, "resource": r, "route": r.properties, "nat": "natGatewayId"} |
	some r in graph.of("ec2/Route")
	some key in ["destinationCidrBlock", "destinationIpv6CidrBlock"]
	everywhere(r.properties[key])
	tables := {urn | some urn in r.links.routeTableId}
]

inline_routes := [{"tables": {r.urn}, "resource": r, "route": route, "nat": "routes"} |
	some kind in ["ec2/RouteTable", "ec2/DefaultRouteTable"]
	some r in graph.of(kind)
	some route in r.properties.routes
	some key in ["cidrBlock", "ipv6CidrBlock"]
	everywhere(route[key])
]

# internet are the URNs of the tables with a default route to an internet gateway.
internet := {table |
	some entry in default_routes
	to_internet(entry)
	some table in entry.tables
}

to_internet(entry) if startswith(entry.route.gatewayId, "igw-")

# At a first preview the gateway of a route of its own is not known, but what it
# is made from is. An inline route is one of many: it is undecided until then.
to_internet(entry) if {
	not entry.route.gatewayId
	count(graph.links(entry.resource, "gatewayId", "ec2/InternetGateway")) > 0
}

# nat_gateways are the NAT gateways of each table: URN of table to set of URNs.
nat_gateways[table] contains urn if {
	some entry in default_routes
	some urn in graph.links(entry.resource, entry.nat, "ec2/NatGateway")
	some table in entry.tables
	routes_to(entry, urn)
}

routes_to(entry, urn) if entry.route.natGatewayId == graph.resource[urn].outputs.id

routes_to(entry, _) if {
	not entry.route.natGatewayId
	entry.nat == "natGatewayId"
}

# tables is the route table of each subnet, as a set of URNs: the associated
# one, or else the main one of its VPC.
tables[subnet] contains table if {
	some r in graph.of("ec2/RouteTableAssociation")
	some subnet in r.links.subnetId
	some table in r.links.routeTableId
}

tables[r.urn] contains table if {
	some r in graph.of("ec2/Subnet")
	not r.urn in associated
	some vpc in graph.links(r, "vpcId", "ec2/Vpc")
	some table in main_tables[vpc]
}

associated := graph.linked("ec2/RouteTableAssociation", "subnetId")

main_tables[vpc] contains table if {
	some r in graph.of("ec2/MainRouteTableAssociation")
	some vpc in r.links.vpcId
	some table in r.links.routeTableId
}

main_tables[vpc] contains r.urn if {
	some r in graph.of("ec2/DefaultRouteTable")
	some vpc in r.links.defaultRouteTableId
}

# A route may name the main table by the VPC's own output.
main_tables[r.urn] contains r.urn if some r in graph.of("ec2/Vpc")

# public are the URNs of the subnets with a route to the internet.
public := {subnet |
	some subnet, its in tables
	count(its & internet) > 0
}

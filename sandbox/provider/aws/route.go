package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
)

// routeRows are route tables, routes and their associations.
func routeRows() []Resource {
	return []Resource{
		{
			Token: "aws:ec2/routeTable:RouteTable", Args: ec2.RouteTableArgs{}, State: ec2.RouteTable{}, ARN: "ec2:route-table/",
			Replace: []string{"vpcId"},
			Find:    findMarked, Tag: tagEC2,
			Create: then(create((*ec2c).CreateRouteTable, "RouteTable.RouteTableId"), syncRoutes),
			Read:   merged(read((*ec2c).DescribeRouteTables, "RouteTableIds", "RouteTables"), inlineRoutes),
			Update: syncRoutes,
			Delete: remove((*ec2c).DeleteRouteTable, "RouteTableId"),
		},
		{
			Token: "aws:ec2/route:Route", Args: ec2.RouteArgs{}, State: ec2.Route{},
			Replace: []string{"routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"},
			Rename:  map[string]string{"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"},
			Create: func(ctx context.Context, r *request) (string, error) {
				_, err := send(ctx, r, (*ec2c).CreateRoute)
				return r.str("routeTableId") + "/" + destination(r.in), err
			},
			Find: func(_ context.Context, r *request) (string, error) {
				return r.str("routeTableId") + "/" + destination(r.in), nil
			},
			Read: readRoute,
			Update: func(ctx context.Context, r *request) error {
				_, err := send(ctx, r, (*ec2c).ReplaceRoute)
				return err
			},
			Delete: func(ctx context.Context, r *request) error {
				table, dest, _ := strings.Cut(r.id, "/")
				return deleteRoute(ctx, r, table, dest)
			},
		},
		{
			Token: "aws:ec2/routeTableAssociation:RouteTableAssociation", Args: ec2.RouteTableAssociationArgs{}, State: ec2.RouteTableAssociation{},
			Create: create((*ec2c).AssociateRouteTable, "AssociationId"),
			Find: func(ctx context.Context, r *request) (string, error) {
				a, err := association(ctx, r, filters("association.subnet-id", r.str("subnetId")), func(a types.RouteTableAssociation) bool {
					return aws.ToString(a.SubnetId) == r.str("subnetId")
				})
				if err != nil {
					return "", err
				}
				return *a.RouteTableAssociationId, nil
			},
			Read: func(ctx context.Context, r *request) (props, error) {
				a, err := association(ctx, r, filters("association.route-table-association-id", r.id), func(a types.RouteTableAssociation) bool {
					return *a.RouteTableAssociationId == r.id
				})
				if err != nil {
					return nil, err
				}
				return r.see(*a), nil
			},
			Delete: remove((*ec2c).DisassociateRouteTable, "AssociationId"),
		},
	}
}

// destination is where a route leads, whatever its kind.
func destination(route props) string {
	for _, name := range []string{"destinationCidrBlock", "cidrBlock", "destinationIpv6CidrBlock", "ipv6CidrBlock", "destinationPrefixListId"} {
		if s, ok := route[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

func routeDestination(route types.Route) string {
	for _, p := range []*string{route.DestinationCidrBlock, route.DestinationIpv6CidrBlock, route.DestinationPrefixListId} {
		if s := aws.ToString(p); s != "" {
			return s
		}
	}
	return ""
}

// routesOf returns the routes of a table less those that AWS makes.
func routesOf(ctx context.Context, r *request, table string) ([]types.Route, error) {
	out, err := call(ctx, r, (*ec2c).DescribeRouteTables, &api.DescribeRouteTablesInput{RouteTableIds: []string{table}})
	if err != nil {
		return nil, err
	}
	routes := []types.Route{}
	for _, t := range out.RouteTables {
		for _, route := range t.Routes {
			// Gateway endpoints put their own routes into tables.
			if g := aws.ToString(route.GatewayId); g != "local" && !strings.HasPrefix(g, "vpce-") {
				routes = append(routes, route)
			}
		}
	}
	return routes, nil
}

func readRoute(ctx context.Context, r *request) (props, error) {
	table, dest, _ := strings.Cut(r.id, "/")
	routes, err := routesOf(ctx, r, table)
	if err != nil {
		return nil, err
	}
	for _, route := range routes {
		if routeDestination(route) == dest {
			return r.see(route, props{"routeTableId": table}), nil
		}
	}
	return nil, errGone
}

// inlineRoutes observes the routes of a table that was declared with its routes; those of others are theirs.
func inlineRoutes(ctx context.Context, r *request) (props, error) {
	if _, ok := r.in["routes"]; !ok {
		return props{"routes": nil}, nil
	}
	routes, err := routesOf(ctx, r, r.id)
	if err != nil {
		return nil, err
	}
	out := props{}
	list := []any{}
	for _, route := range routes {
		seen := *r
		seen.row = &Resource{State: ec2.Route{}}
		one := seen.see(route)
		one["cidrBlock"], one["ipv6CidrBlock"] = one["destinationCidrBlock"], one["destinationIpv6CidrBlock"]
		for _, name := range []string{"destinationCidrBlock", "destinationIpv6CidrBlock", "origin", "state", "instanceId", "instanceOwnerId"} {
			delete(one, name)
		}
		list = append(list, one)
	}
	out["routes"] = list
	return out, nil
}

// syncRoutes makes a table's inline routes those of the inputs.
func syncRoutes(ctx context.Context, r *request) error {
	if !r.changed("routes") {
		return nil
	}
	old, _ := r.was["routes"].([]any)
	for _, route := range old {
		if err := deleteRoute(ctx, r, r.id, destination(route.(props))); err != nil && !isGone(err) {
			return err
		}
	}
	routes, _ := r.in["routes"].([]any)
	for _, route := range routes {
		in := &api.CreateRouteInput{}
		rename := map[string]string{"cidrBlock": "DestinationCidrBlock", "ipv6CidrBlock": "DestinationIpv6CidrBlock"}
		if err := fill(in, route.(props), rename); err != nil {
			return err
		}
		in.RouteTableId = &r.id
		if _, err := call(ctx, r, (*ec2c).CreateRoute, in); err != nil && !exists(err) {
			return err
		}
	}
	return nil
}

func deleteRoute(ctx context.Context, r *request, table, dest string) error {
	in := &api.DeleteRouteInput{RouteTableId: &table}
	switch {
	case strings.HasPrefix(dest, "pl-"):
		in.DestinationPrefixListId = &dest
	case strings.Contains(dest, ":"):
		in.DestinationIpv6CidrBlock = &dest
	default:
		in.DestinationCidrBlock = &dest
	}
	_, err := call(ctx, r, (*ec2c).DeleteRoute, in)
	return err
}

// association finds the association of a route table for which is holds.
func association(ctx context.Context, r *request, f []types.Filter, is func(types.RouteTableAssociation) bool) (*types.RouteTableAssociation, error) {
	out, err := call(ctx, r, (*ec2c).DescribeRouteTables, &api.DescribeRouteTablesInput{Filters: f})
	if err != nil {
		return nil, err
	}
	for _, t := range out.RouteTables {
		for _, a := range t.Associations {
			if is(a) {
				return &a, nil
			}
		}
	}
	return nil, errGone
}

package aws

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"gatehouse/checks/evidence"
)

// network reads the subnets and where their route tables send what leaves. When
// the tables cannot be read the subnets are no proof of isolation, which the
// error says.
func (c *Collector) network(ctx context.Context, client *ec2.Client) (evidence.Network, error) {
	n := evidence.Network{VPC: c.target.VPC, Subnets: []evidence.Subnet{}}
	filter, err := c.inVPC("vpc-id")
	if err != nil {
		return n, err
	}
	var tables []types.RouteTable
	tablesErr := pages(ctx, ec2.NewDescribeRouteTablesPaginator(client, &ec2.DescribeRouteTablesInput{Filters: filter, MaxResults: aws.Int32(100)}),
		func(page *ec2.DescribeRouteTablesOutput) { tables = append(tables, page.RouteTables...) })
	ways := waysBySubnet(tables, tablesErr == nil)
	err = pages(ctx, ec2.NewDescribeSubnetsPaginator(client, &ec2.DescribeSubnetsInput{Filters: filter, MaxResults: aws.Int32(pageSize)}),
		func(page *ec2.DescribeSubnetsOutput) {
			for _, s := range page.Subnets {
				id := aws.ToString(s.SubnetId)
				n.Subnets = append(n.Subnets, evidence.Subnet{
					ID: id, Name: name(s.Tags), Zone: aws.ToString(s.AvailabilityZone),
					GivesPublicIPs: aws.ToBool(s.MapPublicIpOnLaunch) || aws.ToBool(s.AssignIpv6AddressOnCreation),
					Ways:           ways(id),
				})
			}
		})
	return n, errors.Join(tablesErr, err)
}

// waysBySubnet tells a subnet's ways out. A subnet without a table of its own
// has the VPC's main one (VPC user guide, "Subnet route tables").
//
// With a part of the tables only, a subnet's own may be among the others: then
// the main one says nothing.
func waysBySubnet(tables []types.RouteTable, all bool) func(subnet string) []string {
	own, main := map[string][]string{}, []string(nil)
	for _, table := range tables {
		ways := waysOf(table.Routes)
		for _, a := range table.Associations {
			if aws.ToBool(a.Main) && all {
				main = ways
			}
			if a.SubnetId != nil {
				own[*a.SubnetId] = ways
			}
		}
	}
	return func(subnet string) []string {
		if ways, set := own[subnet]; set {
			return ways
		}
		return main
	}
}

// waysOf are the targets of a table's routes that lead out of the VPC to
// everywhere, or to any public part of it through an internet gateway.
func waysOf(routes []types.Route) []string {
	var ways []string
	for _, r := range routes {
		way := wayOf(r)
		everywhere := aws.ToString(r.DestinationCidrBlock) == "0.0.0.0/0" || aws.ToString(r.DestinationIpv6CidrBlock) == "::/0"
		if way == "" || !everywhere && way != evidence.WayInternet || slices.Contains(ways, way) {
			continue
		}
		ways = append(ways, way)
	}
	return ways
}

func wayOf(r types.Route) string {
	gateway := aws.ToString(r.GatewayId)
	switch {
	case r.State == types.RouteStateBlackhole:
		return ""
	case strings.HasPrefix(gateway, "igw-"):
		return evidence.WayInternet
	case r.EgressOnlyInternetGatewayId != nil:
		return evidence.WayEgressOnly
	case r.NatGatewayId != nil:
		return evidence.WayNAT
	case r.TransitGatewayId != nil, r.VpcPeeringConnectionId != nil, r.NetworkInterfaceId != nil, r.InstanceId != nil,
		strings.HasPrefix(gateway, "vgw-"):
		return "another network"
	default: // local, and gateway endpoints to S3
		return ""
	}
}

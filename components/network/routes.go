package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

const everywhere = "0.0.0.0/0"

// routes gives the public subnets the internet gateway, each zone's private
// subnet a NAT gateway, and the data subnets no way out at all.
func (b *builder) routes() error {
	name, tags := b.named("internet")
	internet, err := ec2.NewInternetGateway(b.ctx, name, &ec2.InternetGatewayArgs{VpcId: b.vpc.ID(), Tags: tags}, b.child)
	if err != nil {
		return err
	}
	public, err := b.table("public")
	if err != nil {
		return err
	}
	out, err := ec2.NewRoute(b.ctx, b.name+"-public-out", &ec2.RouteArgs{
		RouteTableId: public.ID(), DestinationCidrBlock: pulumi.String(everywhere), GatewayId: internet.ID(),
	}, b.child)
	if err != nil {
		return err
	}
	if err := b.associateAll("public", b.public, public); err != nil {
		return err
	}
	// A NAT gateway needs the way out, and must be deleted before it.
	gateways, err := b.natGateways(component.DependsOn(out))
	if err != nil {
		return err
	}
	if err := b.privateRoutes(gateways); err != nil {
		return err
	}
	data, err := b.table("data")
	if err != nil {
		return err
	}
	return b.associateAll("data", b.data, data)
}

// natGateways returns the gateway of each zone, which is the first zone's for
// all when they share one.
func (b *builder) natGateways(afterRoute pulumi.ResourceOption) (map[string]*ec2.NatGateway, error) {
	gateways := map[string]*ec2.NatGateway{}
	for _, zone := range b.zones {
		if !b.args.NATPerZone && zone != b.zones[0] {
			gateways[zone] = gateways[b.zones[0]]
			continue
		}
		name, tags := b.named("nat-" + zone)
		address, err := ec2.NewEip(b.ctx, name, &ec2.EipArgs{Domain: pulumi.String("vpc"), Tags: tags}, b.child, afterRoute)
		if err != nil {
			return nil, err
		}
		b.addresses = append(b.addresses, address.PublicIp)
		gateways[zone], err = ec2.NewNatGateway(b.ctx, name, &ec2.NatGatewayArgs{
			AllocationId: address.ID(), SubnetId: b.public[zone].ID(), Tags: tags,
		}, b.child, afterRoute)
		if err != nil {
			return nil, err
		}
	}
	return gateways, nil
}

// privateRoutes gives each zone a table of its own, so that zones can have
// gateways of their own, now or later.
func (b *builder) privateRoutes(gateways map[string]*ec2.NatGateway) error {
	b.privateTables = map[string]*ec2.RouteTable{}
	for _, zone := range b.zones {
		part := "private-" + zone
		table, err := b.table(part)
		if err != nil {
			return err
		}
		b.privateTables[zone] = table
		_, err = ec2.NewRoute(b.ctx, b.name+"-"+part+"-out", &ec2.RouteArgs{
			RouteTableId: table.ID(), DestinationCidrBlock: pulumi.String(everywhere), NatGatewayId: gateways[zone].ID(),
		}, b.child)
		if err != nil {
			return err
		}
		if err := b.associate(part, b.private[zone], table); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) table(part string) (*ec2.RouteTable, error) {
	name, tags := b.named(part)
	table, err := ec2.NewRouteTable(b.ctx, name, &ec2.RouteTableArgs{VpcId: b.vpc.ID(), Tags: tags}, b.child)
	if err != nil {
		return nil, fmt.Errorf("route table %s: %w", part, err)
	}
	return table, nil
}

func (b *builder) associateAll(tier string, subnets map[string]*ec2.Subnet, table *ec2.RouteTable) error {
	for _, zone := range b.zones {
		if err := b.associate(tier+"-"+zone, subnets[zone], table); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) associate(part string, subnet *ec2.Subnet, table *ec2.RouteTable) error {
	_, err := ec2.NewRouteTableAssociation(b.ctx, b.name+"-"+part, &ec2.RouteTableAssociationArgs{
		SubnetId: subnet.ID(), RouteTableId: table.ID(),
	}, b.child)
	return err
}

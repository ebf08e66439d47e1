// Package network makes the VPC of an environment: public, private and data
// subnets in each zone, ways out, private ways to AWS, flow logs, and the
// security group of the nodes.
//
// Security groups of data stores and load balancers are not here; they belong
// to the components that they guard.
package network

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args describes a network.
type Args struct {
	// Partition, AccountID and Region are where the network lives.
	Partition, AccountID, Region string
	// CIDR is the address range of the VPC.
	CIDR netip.Prefix
	// Zones are the availability zones by name.
	Zones map[string]Zone
	// NATPerZone gives every zone a NAT gateway of its own; otherwise all
	// share the one of the first zone by name.
	NATPerZone bool
	// FlowLogRetentionDays is how long flow logs are kept.
	FlowLogRetentionDays int
	// LogsKeyARN is the KMS key of the flow logs.
	LogsKeyARN pulumi.StringInput
}

// Zone holds the address ranges of the subnets of one availability zone.
type Zone struct {
	// Public is for load balancers and NAT gateways, Private for nodes and
	// pods, Data for data stores.
	Public, Private, Data netip.Prefix
}

// Network is a VPC with what belongs to it.
type Network struct {
	pulumi.ResourceState
	component.Parts

	VPCID pulumi.StringOutput `pulumi:"vpcId"`
	// Public, Private and Data are subnet IDs in the order of the zones' names.
	Public  pulumi.StringArrayOutput `pulumi:"publicSubnetIds"`
	Private pulumi.StringArrayOutput `pulumi:"privateSubnetIds"`
	Data    pulumi.StringArrayOutput `pulumi:"dataSubnetIds"`
	// Workloads is the security group of the nodes.
	Workloads pulumi.StringOutput `pulumi:"workloadsSecurityGroupId"`
	// PublicAddresses are the NAT gateways' addresses, as others see the nodes.
	PublicAddresses pulumi.StringArrayOutput `pulumi:"publicAddresses"`
	// PrivateByZone are the private subnets by the name of their zone.
	PrivateByZone map[string]pulumi.StringOutput
}

// New makes a network.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Network, error) {
	if len(args.Zones) == 0 {
		return nil, fmt.Errorf("network %s: no zones", name)
	}
	n := &Network{}
	err := component.Register(ctx, "gatehouse:aws:Network", name, n, func(child pulumi.ResourceOption) error {
		b := &builder{ctx: ctx, name: name, args: args, child: child, zones: slices.Sorted(maps.Keys(args.Zones))}
		for _, step := range []func() error{b.vpcAndDefaults, b.subnets, b.routes, b.dataACL, b.flowLogs, b.gatewayEndpoints, b.interfaceEndpoints, b.workloads} {
			if err := step(); err != nil {
				return err
			}
		}
		n.VPCID = b.vpc.ID().ToStringOutput()
		n.Public, n.Private, n.Data = b.ids(b.public), b.ids(b.private), b.ids(b.data)
		n.Workloads = b.workloadsGroup.ID().ToStringOutput()
		n.PublicAddresses = b.addresses.ToStringArrayOutput()
		n.PrivateByZone = map[string]pulumi.StringOutput{}
		for zone, subnet := range b.private {
			n.PrivateByZone[zone] = subnet.ID().ToStringOutput()
		}
		return nil
	}, opts...)
	return n, err
}

// builder holds what the steps hand on. Subnets and route tables are kept by
// the name of their zone.
type builder struct {
	ctx   *pulumi.Context
	name  string
	args  Args
	child pulumi.ResourceOption
	// zones are the names of the zones, sorted.
	zones []string

	vpc                   *ec2.Vpc
	public, private, data map[string]*ec2.Subnet
	privateTables         map[string]*ec2.RouteTable
	workloadsGroup        *ec2.SecurityGroup
	addresses             pulumi.StringArray
}

// named returns the logical name of a part and its Name tag.
func (b *builder) named(part string) (string, pulumi.StringMap) {
	name := b.name + "-" + part
	return name, pulumi.StringMap{"Name": pulumi.String(name)}
}

// ids returns the subnets' IDs in the order of the zones' names.
func (b *builder) ids(subnets map[string]*ec2.Subnet) pulumi.StringArrayOutput {
	ids := pulumi.StringArray{}
	for _, zone := range b.zones {
		ids = append(ids, subnets[zone].ID())
	}
	return ids.ToStringArrayOutput()
}

// vpcAndDefaults makes the VPC and takes every rule out of its default
// security group, so that what forgets to name a group can talk to nobody.
func (b *builder) vpcAndDefaults() (err error) {
	b.vpc, err = ec2.NewVpc(b.ctx, b.name, &ec2.VpcArgs{
		CidrBlock:          pulumi.String(b.args.CIDR.String()),
		EnableDnsSupport:   pulumi.Bool(true),
		EnableDnsHostnames: pulumi.Bool(true),
		Tags:               pulumi.StringMap{"Name": pulumi.String(b.name)},
	}, b.child)
	if err != nil {
		return err
	}
	name, tags := b.named("default-closed")
	_, err = ec2.NewDefaultSecurityGroup(b.ctx, name, &ec2.DefaultSecurityGroupArgs{
		VpcId: b.vpc.ID(), Tags: tags,
	}, b.child)
	return err
}

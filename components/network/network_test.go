package network_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/components/network"
)

const (
	subnetType      = "aws:ec2/subnet:Subnet"
	natType         = "aws:ec2/natGateway:NatGateway"
	routeType       = "aws:ec2/route:Route"
	tableType       = "aws:ec2/routeTable:RouteTable"
	associationType = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	endpointType    = "aws:ec2/vpcEndpoint:VpcEndpoint"
	groupType       = "aws:ec2/securityGroup:SecurityGroup"
	ingressType     = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressType      = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	account         = "111122223333"
)

// zone gives the n-th zone its ranges out of 10.20.0.0/16.
func zone(n int) network.Zone {
	at := func(third, bits int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 20, byte(third), 0}), bits)
	}
	return network.Zone{Public: at(n, 24), Private: at(64+8*n, 21), Data: at(32+n, 24)}
}

func args(natPerZone bool, zones ...string) network.Args {
	a := network.Args{
		Partition: "aws", AccountID: account, Region: "us-west-2", CIDR: netip.MustParsePrefix("10.20.0.0/16"),
		Zones: map[string]network.Zone{}, NATPerZone: natPerZone, FlowLogRetentionDays: 90,
		LogsKeyARN: pulumi.String("arn:aws:kms:us-west-2:111122223333:key/1"),
	}
	for n, name := range zones {
		a.Zones[name] = zone(n)
	}
	return a
}

func run(t testing.TB, a network.Args) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := network.New(ctx, "net", a)
		return err
	})
}

var three = []string{"us-west-2a", "us-west-2b", "us-west-2c"}

func TestSubnets(t *testing.T) {
	seen := run(t, args(true, three...))
	require.Len(t, seen.OfType(subnetType), 9)
	for _, s := range seen.OfType(subnetType) {
		require.Equal(t, false, s.Input("mapPublicIpOnLaunch"), s.Name)
		require.Equal(t, s.Name, s.Input("tags.Name"))
	}
	public := seen.Named(t, subnetType, "net-public-us-west-2b")
	require.Equal(t, "us-west-2b", public.Input("availabilityZone"))
	require.Equal(t, "10.20.1.0/24", public.Input("cidrBlock"))
	require.Equal(t, "1", public.Input(`tags["kubernetes.io/role/elb"]`))
	require.Equal(t, "1", seen.Named(t, subnetType, "net-private-us-west-2b").Input(`tags["kubernetes.io/role/internal-elb"]`))
	data := seen.Named(t, subnetType, "net-data-us-west-2b")
	require.Nil(t, data.Input(`tags["kubernetes.io/role/elb"]`))
	require.Nil(t, data.Input(`tags["kubernetes.io/role/internal-elb"]`))
}

func TestEverythingBelongsToTheNetwork(t *testing.T) {
	for _, r := range run(t, args(true, three...)).Customs() {
		require.Contains(t, r.Parent, "gatehouse:aws:Network", "%s %s", r.Type, r.Name)
	}
}

// TestRoutes holds for any zones: each subnet has one table; data subnets have
// no way out; private ones leave through a NAT gateway of their own zone, or
// through the one that there is.
func TestRoutes(t *testing.T) {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"}), 1, 4, rapid.ID)
	rapid.Check(t, func(rt *rapid.T) {
		zones, perZone := names.Draw(rt, "zones"), rapid.Bool().Draw(rt, "NAT per zone")
		seen := run(t, args(perZone, zones...))
		tables := map[any]any{}
		for _, a := range seen.OfType(associationType) {
			require.NotContains(rt, tables, a.Input("subnetId"), "one table a subnet")
			tables[a.Input("subnetId")] = a.Input("routeTableId")
		}
		require.Len(rt, tables, 3*len(zones))
		gateways := map[any]any{}
		for _, r := range seen.OfType(routeType) {
			require.Equal(rt, "0.0.0.0/0", r.Input("destinationCidrBlock"))
			gateways[r.Input("routeTableId")] = r.Input("natGatewayId")
		}
		first := slices.Min(zones)
		for _, z := range zones {
			require.NotContains(rt, gateways, tables["net-data-"+z+"-id"], "data subnets are isolated")
			require.Nil(rt, gateways[tables["net-public-"+z+"-id"]], "public subnets need no NAT")
			nat := first
			if perZone {
				nat = z
			}
			require.Equal(rt, "net-nat-"+nat+"-id", gateways[tables["net-private-"+z+"-id"]])
			require.Equal(rt, "net-public-"+nat+"-id", seen.Named(t, natType, "net-nat-"+nat).Input("subnetId"))
		}
	})
}

// TestNamesAreStable: a zone that is added or listed elsewhere renames nothing,
// so nothing is replaced.
func TestNamesAreStable(t *testing.T) {
	before := run(t, args(true, "us-west-2b", "us-west-2c")).Customs()
	after := run(t, args(true, "us-west-2b", "us-west-2c", "us-west-2a")).Customs()
	for _, r := range before {
		same := after.Named(t, r.Type, r.Name)
		if r.Type == subnetType {
			require.Equal(t, r.Inputs, same.Inputs, r.Name)
		}
	}
}

func TestTheDefaultSecurityGroupIsEmpty(t *testing.T) {
	group := run(t, args(false, three...)).One(t, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
	require.Nil(t, group.Input("ingress"))
	require.Nil(t, group.Input("egress"))
}

func TestDataSubnetsTalkToTheVPCOnly(t *testing.T) {
	acl := run(t, args(false, three...)).One(t, "aws:ec2/networkAcl:NetworkAcl")
	require.Len(t, acl.Input("subnetIds"), 3)
	for _, direction := range []string{"ingress", "egress"} {
		require.Len(t, acl.Input(direction), 1)
		require.Equal(t, "10.20.0.0/16", acl.Input(direction+"[0].cidrBlock"))
	}
}

func TestFlowLogs(t *testing.T) {
	seen := run(t, args(false, three...))
	group := seen.One(t, "aws:cloudwatch/logGroup:LogGroup")
	require.Equal(t, "arn:aws:kms:us-west-2:111122223333:key/1", group.Input("kmsKeyId"))
	require.InDelta(t, 90, group.Input("retentionInDays"), 0)
	log := seen.One(t, "aws:ec2/flowLog:FlowLog")
	require.Equal(t, "ALL", log.Input("trafficType"))
	require.NotEmpty(t, log.Dependencies)

	trust := seen.One(t, "aws:iam/role:Role").Policy(t, "assumeRolePolicy").Statement[0]
	require.Equal(t, []string{account}, trust.Condition["StringEquals"]["aws:SourceAccount"])
	require.Equal(t, []string{"arn:aws:ec2:us-west-2:111122223333:vpc-flow-log/*"}, trust.Condition["ArnLike"]["aws:SourceArn"])
	write := seen.One(t, "aws:iam/rolePolicy:RolePolicy").Policy(t, "policy").Named(t, "Write")
	require.NotContains(t, write.Resource, "*")
}

func TestANetworkNeedsAZone(t *testing.T) {
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := network.New(ctx, "net", network.Args{})
		return err
	})
	require.ErrorContains(t, err, "no zones")
}

package infrastructure_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/require"
)

func (w *world) makeNetwork(t *testing.T) {
	ctx := t.Context()
	w.target.VPC = *must[*ec2.CreateVpcOutput](t)(w.ec2.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.20.0.0/16")})).Vpc.VpcId
	subnet := func(i, n int) string {
		return *must[*ec2.CreateSubnetOutput](t)(w.ec2.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: &w.target.VPC, CidrBlock: aws.String(fmt.Sprintf("10.20.%d.0/24", n)), AvailabilityZone: aws.String(zone(i)),
		})).Subnet.SubnetId
	}
	table := func(subnets ...string) string {
		id := *must[*ec2.CreateRouteTableOutput](t)(w.ec2.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: &w.target.VPC})).RouteTable.RouteTableId
		for _, s := range subnets {
			must[*ec2.AssociateRouteTableOutput](t)(w.ec2.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: &id, SubnetId: &s}))
		}
		return id
	}
	for i := range 3 {
		w.data, w.private = append(w.data, subnet(i, 10+i)), append(w.private, subnet(i, 20+i))
	}
	w.publicSubnet = subnet(0, 30)
	w.gateway = *must[*ec2.CreateInternetGatewayOutput](t)(w.ec2.CreateInternetGateway(ctx, nil)).InternetGateway.InternetGatewayId
	must[*ec2.AttachInternetGatewayOutput](t)(w.ec2.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: &w.gateway, VpcId: &w.target.VPC}))
	everywhere := aws.String("0.0.0.0/0")
	w.publicTable = table(w.publicSubnet)
	must[*ec2.CreateRouteOutput](t)(w.ec2.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: &w.publicTable, DestinationCidrBlock: everywhere, GatewayId: &w.gateway}))
	address := *must[*ec2.AllocateAddressOutput](t)(w.ec2.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc})).AllocationId
	w.nat = *must[*ec2.CreateNatGatewayOutput](t)(w.ec2.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: &w.publicSubnet, AllocationId: &address})).NatGateway.NatGatewayId
	private := table(w.private...)
	must[*ec2.CreateRouteOutput](t)(w.ec2.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: &private, DestinationCidrBlock: everywhere, NatGatewayId: &w.nat}))
	w.dataTable = table(w.data...)

	logs := cloudwatchlogs.NewFromConfig(w.config)
	must[*cloudwatchlogs.CreateLogGroupOutput](t)(logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("flows")}))
	w.makeFlowLog(t)
}

func (w *world) makeFlowLog(t *testing.T) {
	out, err := w.ec2.CreateFlowLogs(background, &ec2.CreateFlowLogsInput{
		ResourceIds: []string{w.target.VPC}, ResourceType: types.FlowLogsResourceTypeVpc, TrafficType: types.TrafficTypeAll,
		LogGroupName: aws.String("flows"), DeliverLogsPermissionArn: aws.String("arn:aws:iam::123456789012:role/flows"),
	})
	require.NoError(t, err)
	require.Empty(t, out.Unsuccessful)
	w.flowLog = out.FlowLogIds[0]
}

func (w *world) makeFirewall(t *testing.T) {
	ctx := t.Context()
	w.webGroup = *must[*ec2.CreateSecurityGroupOutput](t)(w.ec2.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		VpcId: &w.target.VPC, GroupName: aws.String("web"), Description: aws.String("the load balancer"),
	})).GroupId
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(w.ec2.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &w.webGroup, IpPermissions: anyone("tcp", 443, 443),
	}))
	groups := must[*ec2.DescribeSecurityGroupsOutput](t)(w.ec2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{
		Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{w.target.VPC}}, {Name: aws.String("group-name"), Values: []string{"default"}}},
	}))
	w.defaultGroup = *groups.SecurityGroups[0].GroupId
	if rules := groups.SecurityGroups[0].IpPermissions; len(rules) > 0 {
		must[*ec2.RevokeSecurityGroupIngressOutput](t)(w.ec2.RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: &w.defaultGroup, IpPermissions: rules}))
	}
}

// anyone is a rule that lets the internet in.
func anyone(protocol string, from, to int32) []types.IpPermission {
	return []types.IpPermission{{
		IpProtocol: &protocol, FromPort: &from, ToPort: &to, IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
	}}
}

// open opens a group to the internet until the test ends.
func (w *world) open(t *testing.T, group string, from, to int32) {
	t.Helper()
	_, err := w.ec2.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &group, IpPermissions: anyone("tcp", from, to)})
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := w.ec2.RevokeSecurityGroupIngress(background, &ec2.RevokeSecurityGroupIngressInput{GroupId: &group, IpPermissions: anyone("tcp", from, to)})
		require.NoError(t, err)
	})
}

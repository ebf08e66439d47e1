package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
)

// vpcRows are networks, subnets and gateways.
func vpcRows() []Resource {
	return []Resource{
		{
			Token: "aws:ec2/vpc:Vpc", Args: ec2.VpcArgs{}, State: ec2.Vpc{}, ARN: "ec2:vpc/",
			Replace: []string{"cidrBlock", "instanceTenancy"},
			Unseen:  map[string]string{"enableNetworkAddressUsageMetrics": "the emulator ignores it"},
			Find:    findMarked, Tag: tagEC2,
			Create: then(create((*ec2c).CreateVpc, "Vpc.VpcId"), modifyVpc),
			Read:   merged(read((*ec2c).DescribeVpcs, "VpcIds", "Vpcs"), vpcAttributes, vpcDefaults),
			Update: modifyVpc,
			Delete: remove((*ec2c).DeleteVpc, "VpcId"),
		},
		{
			Token: "aws:ec2/subnet:Subnet", Args: ec2.SubnetArgs{}, State: ec2.Subnet{}, ARN: "ec2:subnet/",
			Replace: []string{"vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"},
			Find:    findMarked, Tag: tagEC2,
			Create: then(create((*ec2c).CreateSubnet, "Subnet.SubnetId"), modifySubnet),
			Read:   read((*ec2c).DescribeSubnets, "SubnetIds", "Subnets"),
			Update: modifySubnet,
			Delete: remove((*ec2c).DeleteSubnet, "SubnetId"),
		},
		{
			Token: "aws:ec2/internetGateway:InternetGateway", Args: ec2.InternetGatewayArgs{}, State: ec2.InternetGateway{}, ARN: "ec2:internet-gateway/",
			Find: findMarked, Tag: tagEC2,
			Create: then(create((*ec2c).CreateInternetGateway, "InternetGateway.InternetGatewayId"), attachGateway),
			Read:   merged(read((*ec2c).DescribeInternetGateways, "InternetGatewayIds", "InternetGateways"), gatewayVpc),
			Update: steps(detachGateway, attachGateway),
			Delete: steps(detachGateway, remove((*ec2c).DeleteInternetGateway, "InternetGatewayId")),
		},
		{
			Token: "aws:ec2/eip:Eip", Args: ec2.EipArgs{}, State: ec2.Eip{}, ARN: "ec2:elastic-ip/",
			Find: findMarked, Tag: tagEC2,
			Create: create((*ec2c).AllocateAddress, "AllocationId"),
			Read:   read((*ec2c).DescribeAddresses, "AllocationIds", "Addresses"),
			Delete: remove((*ec2c).ReleaseAddress, "AllocationId"),
		},
		{
			Token: "aws:ec2/natGateway:NatGateway", Args: ec2.NatGatewayArgs{}, State: ec2.NatGateway{}, ARN: "ec2:natgateway/",
			Find: findMarked, Tag: tagEC2,
			Create: create((*ec2c).CreateNatGateway, "NatGateway.NatGatewayId"),
			Read:   readNat,
			Delete: remove((*ec2c).DeleteNatGateway, "NatGatewayId"),
		},
	}
}

// modifyVpc sets the attributes that CreateVpc does not take. AWS takes one a call.
func modifyVpc(ctx context.Context, r *request) error {
	if r.changed("enableDnsSupport") {
		in := &api.ModifyVpcAttributeInput{VpcId: &r.id, EnableDnsSupport: attribute(r.in["enableDnsSupport"] != false)}
		if _, err := call(ctx, r, (*ec2c).ModifyVpcAttribute, in); err != nil {
			return err
		}
	}
	if r.changed("enableDnsHostnames") {
		in := &api.ModifyVpcAttributeInput{VpcId: &r.id, EnableDnsHostnames: attribute(r.flag("enableDnsHostnames"))}
		if _, err := call(ctx, r, (*ec2c).ModifyVpcAttribute, in); err != nil {
			return err
		}
	}
	return nil
}

func attribute(v bool) *types.AttributeBooleanValue { return &types.AttributeBooleanValue{Value: &v} }

// vpcAttributes observes a VPC's DNS attributes.
func vpcAttributes(ctx context.Context, r *request) (props, error) {
	ask := func(name types.VpcAttributeName) (*api.DescribeVpcAttributeOutput, error) {
		return call(ctx, r, (*ec2c).DescribeVpcAttribute, &api.DescribeVpcAttributeInput{VpcId: &r.id, Attribute: name})
	}
	support, err := ask(types.VpcAttributeNameEnableDnsSupport)
	if err != nil {
		return nil, err
	}
	hostnames, err := ask(types.VpcAttributeNameEnableDnsHostnames)
	if err != nil {
		return nil, err
	}
	return props{
		"enableDnsSupport":   *support.EnableDnsSupport.Value,
		"enableDnsHostnames": *hostnames.EnableDnsHostnames.Value,
	}, nil
}

// vpcDefaults observes the parts that AWS makes along with a VPC.
func vpcDefaults(ctx context.Context, r *request) (props, error) {
	group, err := defaultSecurityGroup(ctx, r, r.id)
	if err != nil {
		return nil, err
	}
	acl, err := defaultNetworkACL(ctx, r, r.id)
	if err != nil {
		return nil, err
	}
	tables, err := call(ctx, r, (*ec2c).DescribeRouteTables, &api.DescribeRouteTablesInput{Filters: filters("vpc-id", r.id, "association.main", "true")})
	if err != nil {
		return nil, err
	}
	out := props{"defaultSecurityGroupId": group, "defaultNetworkAclId": acl}
	if len(tables.RouteTables) > 0 {
		out["mainRouteTableId"] = *tables.RouteTables[0].RouteTableId
		out["defaultRouteTableId"] = *tables.RouteTables[0].RouteTableId
	}
	return out, nil
}

// modifySubnet sets the attributes that CreateSubnet does not take.
func modifySubnet(ctx context.Context, r *request) error {
	if !r.changed("mapPublicIpOnLaunch") {
		return nil
	}
	in := &api.ModifySubnetAttributeInput{SubnetId: &r.id, MapPublicIpOnLaunch: attribute(r.flag("mapPublicIpOnLaunch"))}
	_, err := call(ctx, r, (*ec2c).ModifySubnetAttribute, in)
	return err
}

// gatewayVpc observes the VPC of an internet gateway.
func gatewayVpc(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*ec2c).DescribeInternetGateways, &api.DescribeInternetGatewaysInput{InternetGatewayIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	for _, a := range out.InternetGateways[0].Attachments {
		return props{"vpcId": aws.ToString(a.VpcId)}, nil
	}
	return props{"vpcId": nil}, nil
}

func attachGateway(ctx context.Context, r *request) error {
	vpc, _ := r.in["vpcId"].(string)
	if vpc == "" {
		return nil
	}
	_, err := call(ctx, r, (*ec2c).AttachInternetGateway, &api.AttachInternetGatewayInput{InternetGatewayId: &r.id, VpcId: &vpc})
	return err
}

// detachGateway detaches an internet gateway from whatever it is attached to.
func detachGateway(ctx context.Context, r *request) error {
	now, err := gatewayVpc(ctx, r)
	vpc, attached := now["vpcId"].(string)
	if err != nil || !attached {
		return err
	}
	_, err = call(ctx, r, (*ec2c).DetachInternetGateway, &api.DetachInternetGatewayInput{InternetGatewayId: &r.id, VpcId: &vpc})
	return err
}

// readNat observes a NAT gateway with its first address. AWS tells deleted ones for a while.
func readNat(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*ec2c).DescribeNatGateways, &api.DescribeNatGatewaysInput{NatGatewayIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	if len(out.NatGateways) == 0 || out.NatGateways[0].State == types.NatGatewayStateDeleted {
		return nil, errGone
	}
	nat := out.NatGateways[0]
	if len(nat.NatGatewayAddresses) == 0 {
		return r.see(nat), nil
	}
	return r.see(nat, nat.NatGatewayAddresses[0]), nil
}

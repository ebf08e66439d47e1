// Package vpn makes an AWS Client VPN endpoint for administration: mutual TLS,
// split tunnel, every connection logged, and no way beyond the VPC.
//
// The certificates are made elsewhere; who may be reached from the VPN is
// decided by the security groups of what is reached.
package vpn

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2clientvpn"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// sessionHours is when a client must connect again.
const sessionHours = 8

// Args describes an endpoint.
type Args struct {
	// VPCID and CIDR are the VPC that clients get into.
	VPCID pulumi.StringInput
	CIDR  netip.Prefix
	// Subnets are the subnets that clients arrive in, by zone.
	Subnets map[string]pulumi.StringOutput
	// ClientCIDR is what clients get addresses from, outside the VPC.
	ClientCIDR netip.Prefix
	// ServerCertificateARN and ClientRootCertificateARN are ACM certificates:
	// the endpoint's, and the one that signs the clients'.
	ServerCertificateARN, ClientRootCertificateARN string
	// LogRetentionDays is how long connection logs are kept.
	LogRetentionDays int
	// LogsKeyARN is the KMS key of the connection logs.
	LogsKeyARN pulumi.StringInput
}

// VPN is a Client VPN endpoint.
type VPN struct {
	pulumi.ResourceState
	component.Parts

	// EndpointID is what a client's configuration is exported from.
	EndpointID pulumi.StringOutput `pulumi:"endpointId"`
	// SecurityGroup is the group that connections come from.
	SecurityGroup pulumi.StringOutput `pulumi:"securityGroupId"`
}

// New makes an endpoint.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*VPN, error) {
	v := &VPN{}
	err := component.Register(ctx, "gatehouse:aws:VPN", name, v, func(child pulumi.ResourceOption) error {
		group, err := securityGroup(ctx, name, args, child)
		if err != nil {
			return err
		}
		v.SecurityGroup = group.ID().ToStringOutput()
		endpoint, err := newEndpoint(ctx, name, args, v.SecurityGroup, child)
		if err != nil {
			return err
		}
		v.EndpointID = endpoint.ID().ToStringOutput()
		return open(ctx, name, args, endpoint, child)
	}, opts...)
	return v, err
}

// securityGroup lets connections go to the VPC and nowhere else.
func securityGroup(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (*ec2.SecurityGroup, error) {
	group, err := ec2.NewSecurityGroup(ctx, name, &ec2.SecurityGroupArgs{
		VpcId: args.VPCID, Description: pulumi.String("Client VPN"),
		Tags: pulumi.StringMap{"Name": pulumi.String(name)},
	}, child)
	if err != nil {
		return nil, err
	}
	_, err = vpc.NewSecurityGroupEgressRule(ctx, name+"-to-vpc", &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: group.ID(), Description: pulumi.String("Administration within the VPC"),
		CidrIpv4: pulumi.String(args.CIDR.String()), IpProtocol: pulumi.String("-1"),
	}, child)
	return group, err
}

func newEndpoint(ctx *pulumi.Context, name string, args Args, group pulumi.StringInput, child pulumi.ResourceOption) (*ec2clientvpn.Endpoint, error) {
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-connections", &cloudwatch.LogGroupArgs{
		Name:            pulumi.String("/aws/clientvpn/" + name),
		RetentionInDays: pulumi.Int(args.LogRetentionDays),
		KmsKeyId:        args.LogsKeyARN.ToStringOutput().ToStringPtrOutput(),
	}, child)
	if err != nil {
		return nil, err
	}
	return ec2clientvpn.NewEndpoint(ctx, name, &ec2clientvpn.EndpointArgs{
		Description:          pulumi.String(name),
		ClientCidrBlock:      pulumi.String(args.ClientCIDR.String()),
		ServerCertificateArn: pulumi.String(args.ServerCertificateARN),
		AuthenticationOptions: ec2clientvpn.EndpointAuthenticationOptionArray{ec2clientvpn.EndpointAuthenticationOptionArgs{
			Type:                    pulumi.String("certificate-authentication"),
			RootCertificateChainArn: pulumi.String(args.ClientRootCertificateARN),
		}},
		ConnectionLogOptions: ec2clientvpn.EndpointConnectionLogOptionsArgs{
			Enabled: pulumi.Bool(true), CloudwatchLogGroup: logs.Name,
		},
		DnsServers:          pulumi.StringArray{pulumi.String(resolver(args.CIDR).String())},
		SecurityGroupIds:    pulumi.StringArray{group},
		SessionTimeoutHours: pulumi.Int(sessionHours),
		SplitTunnel:         pulumi.Bool(true),
		TransportProtocol:   pulumi.String("udp"),
		VpcId:               args.VPCID.ToStringOutput().ToStringPtrOutput(),
		VpnPort:             pulumi.Int(443),
		Tags:                pulumi.StringMap{"Name": pulumi.String(name)},
	}, child)
}

// open joins the endpoint to the subnets and authorizes the VPC's range only.
// Mutual TLS knows no groups, so whoever holds a certificate may.
func open(ctx *pulumi.Context, name string, args Args, endpoint *ec2clientvpn.Endpoint, child pulumi.ResourceOption) error {
	for zone, subnet := range args.Subnets {
		_, err := ec2clientvpn.NewNetworkAssociation(ctx, name+"-"+zone, &ec2clientvpn.NetworkAssociationArgs{
			ClientVpnEndpointId: endpoint.ID(), SubnetId: subnet,
		}, child)
		if err != nil {
			return fmt.Errorf("join %s: %w", zone, err)
		}
	}
	_, err := ec2clientvpn.NewAuthorizationRule(ctx, name+"-vpc", &ec2clientvpn.AuthorizationRuleArgs{
		ClientVpnEndpointId: endpoint.ID(), TargetNetworkCidr: pulumi.String(args.CIDR.String()),
		AuthorizeAllGroups: pulumi.Bool(true), Description: pulumi.String("Administration within the VPC"),
	}, child)
	return err
}

// resolver is Amazon's DNS server of a VPC, the second address after its first
// ("Amazon DNS server"); without it private names do not resolve.
func resolver(vpc netip.Prefix) netip.Addr {
	return vpc.Masked().Addr().Next().Next()
}

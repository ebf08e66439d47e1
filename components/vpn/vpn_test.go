package vpn_test

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/vpn"
)

func run(t *testing.T) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := vpn.New(ctx, "vpn", vpn.Args{
			VPCID: pulumi.String("vpc-1"), CIDR: netip.MustParsePrefix("10.20.0.0/16"),
			Subnets: map[string]pulumi.StringOutput{
				"us-west-2a": pulumi.String("subnet-a").ToStringOutput(),
				"us-west-2b": pulumi.String("subnet-b").ToStringOutput(),
			},
			ClientCIDR:           netip.MustParsePrefix("10.99.0.0/22"),
			ServerCertificateARN: "arn:server", ClientRootCertificateARN: "arn:clients",
			LogRetentionDays: 90, LogsKeyARN: pulumi.String("arn:key"),
		})
		return err
	})
}

func TestEndpoint(t *testing.T) {
	seen := run(t)
	e := seen.One(t, "aws:ec2clientvpn/endpoint:Endpoint")
	require.Equal(t, true, e.Input("splitTunnel"), "only the VPC goes through the tunnel")
	require.Equal(t, "certificate-authentication", e.Input("authenticationOptions[0].type"))
	require.Equal(t, "arn:clients", e.Input("authenticationOptions[0].rootCertificateChainArn"))
	require.Equal(t, true, e.Input("connectionLogOptions.enabled"))
	require.Equal(t, []any{"10.20.0.2"}, e.Input("dnsServers"), "the VPC's resolver")
	require.Equal(t, []any{"vpn-id"}, e.Input("securityGroupIds"))
	require.Equal(t, "arn:key", seen.One(t, "aws:cloudwatch/logGroup:LogGroup").Input("kmsKeyId"))
	for _, r := range seen.Customs() {
		require.Contains(t, r.Parent, "gatehouse:aws:VPN::vpn", r.Type)
	}
}

func TestNothingBeyondTheVPC(t *testing.T) {
	seen := run(t)
	require.Equal(t, "10.20.0.0/16", seen.One(t, "aws:ec2clientvpn/authorizationRule:AuthorizationRule").Input("targetNetworkCidr"))
	require.Equal(t, "10.20.0.0/16", seen.One(t, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").Input("cidrIpv4"))
	require.Empty(t, seen.OfType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))
	require.ElementsMatch(t, []string{"vpn-us-west-2a", "vpn-us-west-2b"}, seen.OfType("aws:ec2clientvpn/networkAssociation:NetworkAssociation").Names())
}

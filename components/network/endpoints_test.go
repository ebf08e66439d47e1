package network_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInterfaceEndpoints(t *testing.T) {
	seen := run(t, args(false, three...))
	var services []string
	for _, e := range seen.OfType(endpointType) {
		service := strings.TrimPrefix(e.Input("serviceName").(string), "com.amazonaws.us-west-2.")
		if e.Input("vpcEndpointType") != "Interface" {
			continue
		}
		services = append(services, service)
		require.Equal(t, true, e.Input("privateDnsEnabled"), service)
		require.Equal(t, []any{"net-private-us-west-2a-id", "net-private-us-west-2b-id", "net-private-us-west-2c-id"}, e.Input("subnetIds"), service)
		require.Equal(t, []any{"net-endpoints-id"}, e.Input("securityGroupIds"), service)
		own := e.Policy(t, "policy").Named(t, "OwnPrincipals")
		require.Equal(t, []string{account}, own.Condition["StringEquals"]["aws:PrincipalAccount"], service)
	}
	for _, needed := range []string{"ecr.api", "ecr.dkr", "sts", "ec2", "eks", "eks-auth", "logs", "kms", "secretsmanager"} {
		require.Contains(t, services, needed)
	}
	ingress := seen.Named(t, ingressType, "net-endpoints-https")
	require.Equal(t, "10.20.0.0/16", ingress.Input("cidrIpv4"))
	require.InDelta(t, 443, ingress.Input("toPort"), 0)
}

// TestServiceAccountsGetTheirRoles: AssumeRoleWithWebIdentity is not signed,
// so a policy about principals alone would cut every pod off.
func TestServiceAccountsGetTheirRoles(t *testing.T) {
	policy := run(t, args(false, three...)).Named(t, endpointType, "net-endpoint-sts").Policy(t, "policy")
	s := policy.Named(t, "ServiceAccounts")
	require.Equal(t, []string{"sts:AssumeRoleWithWebIdentity"}, s.Action)
	require.Equal(t, []string{"arn:aws:iam::111122223333:role/*"}, s.Resource)
	require.NotContains(t, s.Condition["StringEquals"], "aws:PrincipalAccount")
}

func TestGatewayEndpoints(t *testing.T) {
	seen := run(t, args(false, three...))
	for _, service := range []string{"s3", "dynamodb"} {
		e := seen.Named(t, endpointType, "net-endpoint-"+service)
		require.Equal(t, "Gateway", e.Input("vpcEndpointType"))
		require.Len(t, e.Input("routeTableIds"), 3, "private tables only")
		own := e.Policy(t, "policy").Named(t, "OwnPrincipalsOwnData").Condition["StringEquals"]
		require.Equal(t, []string{account}, own["aws:PrincipalAccount"])
		require.Equal(t, []string{account}, own["aws:ResourceAccount"])
	}
	images := seen.Named(t, endpointType, "net-endpoint-s3").Policy(t, "policy").Named(t, "ServedByAWS")
	require.Equal(t, []string{"s3:GetObject"}, images.Action)
	require.Contains(t, images.Resource, "arn:aws:s3:::prod-us-west-2-starport-layer-bucket/*")
}

func TestWorkloadsReachOnlyWhatIsListed(t *testing.T) {
	seen := run(t, args(false, three...))
	for _, g := range seen.OfType(groupType) {
		require.Nil(t, g.Input("ingress"), "rules are resources of their own")
		require.Nil(t, g.Input("egress"))
	}
	for _, r := range seen.OfType(egressType) {
		require.Equal(t, "net-workloads-id", r.Input("securityGroupId"), "nothing else starts connections")
		if r.Input("cidrIpv4") == "0.0.0.0/0" {
			require.Equal(t, "net-workloads-to-https", r.Name)
			require.InDelta(t, 443, r.Input("toPort"), 0)
		}
	}
	for _, r := range seen.OfType(ingressType) {
		require.NotEqual(t, "0.0.0.0/0", r.Input("cidrIpv4"), r.Name)
	}
	require.ElementsMatch(t, []string{
		"net-workloads-to-nodes", "net-workloads-to-https", "net-workloads-to-postgres", "net-workloads-to-redis", "net-workloads-to-nfs",
	}, seen.OfType(egressType).Names())
}

package aws

import "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2clientvpn"

// vpnRows are Client VPN endpoints; the emulator has none.
func vpnRows() []Resource {
	return []Resource{
		{
			Token: "aws:ec2clientvpn/endpoint:Endpoint", Args: ec2clientvpn.EndpointArgs{}, State: ec2clientvpn.Endpoint{},
			Simulated: true, ARN: "ec2:client-vpn-endpoint/", Replace: []string{"clientCidrBlock", "transportProtocol"},
			Sim: func(r *request) (string, props) {
				id := "cvpn-endpoint-0" + mark(r.urn)
				return id, props{"dnsName": "*." + id + ".prod.clientvpn." + r.here() + ".amazonaws.com"}
			},
		},
		{
			Token: "aws:ec2clientvpn/networkAssociation:NetworkAssociation", Args: ec2clientvpn.NetworkAssociationArgs{}, State: ec2clientvpn.NetworkAssociation{},
			Simulated: true, Replace: []string{"*"},
			Sim: func(r *request) (string, props) {
				id := "cvpn-assoc-0" + mark(r.urn)
				return id, props{"associationId": id}
			},
		},
		{
			Token: "aws:ec2clientvpn/authorizationRule:AuthorizationRule", Args: ec2clientvpn.AuthorizationRuleArgs{}, State: ec2clientvpn.AuthorizationRule{},
			Simulated: true, Replace: []string{"*"},
		},
	}
}

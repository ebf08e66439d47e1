package config

import (
	"maps"
	"slices"
)

// Network configures the VPC and its subnets.
type Network struct {
	// CIDR is the address range of the VPC, a /16 to /20.
	CIDR CIDR `yaml:"cidr"`
	// Zones are the availability zones, by name, each with its subnets; the
	// names are identities: reordering changes nothing.
	Zones map[string]Zone `yaml:"zones"`
	// NATGateways is `perZone`, or `single` where an outage of one zone may
	// cut the others off.
	NATGateways NATGateways `yaml:"natGateways" jsonschema:"default=perZone"`
	// FlowLogRetentionDays is how long VPC flow logs are kept.
	FlowLogRetentionDays int `yaml:"flowLogRetentionDays" jsonschema:"enum=30,enum=60,enum=90,enum=120,enum=180,enum=365,enum=400,enum=731,default=90"`
	// VPN is the Client VPN for administration; absent means none.
	VPN *VPN `yaml:"vpn"`
}

// Zone holds the subnets of one availability zone.
type Zone struct {
	// Public holds load balancers and NAT gateways only; /26 or larger.
	Public CIDR `yaml:"public"`
	// Private holds the nodes and pods; /21 or larger, since the VPC CNI takes
	// one address a pod.
	Private CIDR `yaml:"private"`
	// Data is isolated: no route to the internet; /26 or larger.
	Data CIDR `yaml:"data"`
}

// VPN is an AWS Client VPN endpoint with mutual TLS.
type VPN struct {
	// ClientCIDR is what clients get addresses from, a /22 to /12 outside the
	// VPC.
	ClientCIDR CIDR `yaml:"clientCidr"`
	// ServerCertificateARN is the ACM certificate of the endpoint.
	ServerCertificateARN ARN `yaml:"serverCertificateArn"`
	// ClientRootCertificateARN is the ACM certificate that signs clients'.
	ClientRootCertificateARN ARN `yaml:"clientRootCertificateArn"`
}

// ZoneNames are the names of the zones, sorted.
func (n Network) ZoneNames() []string { return slices.Sorted(maps.Keys(n.Zones)) }

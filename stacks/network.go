package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/network"
	"gatehouse/components/vpn"
	"gatehouse/stacks/config"
)

// deployNetwork makes the VPC and, where configured, the Client VPN.
func deployNetwork(ctx *pulumi.Context, env Environment, foundation FoundationOutputs) (NetworkOutputs, error) {
	inLayer, err := newLayer(ctx, env, "network", env.Providers.Regional)
	if err != nil {
		return NetworkOutputs{}, err
	}
	c := env.Config.Network
	n, err := network.New(ctx, env.Named("network"), network.Args{
		Partition: env.Partition, AccountID: env.AccountID, Region: env.Region,
		CIDR:                 c.CIDR.Prefix,
		Zones:                zones(c),
		NATPerZone:           c.NATGateways == config.NATPerZone,
		FlowLogRetentionDays: c.FlowLogRetentionDays,
		LogsKeyARN:           foundation.Keys.Logs,
	}, inLayer)
	if err != nil {
		return NetworkOutputs{}, fmt.Errorf("deploy network: %w", err)
	}
	outputs := NetworkOutputs{
		VPCID: n.VPCID, CIDR: c.CIDR.String(),
		Public: n.Public, Private: n.Private, Data: n.Data,
		Workloads: n.Workloads, PublicAddresses: n.PublicAddresses,
		VPN: pulumi.ToOutput((*string)(nil)).(pulumi.StringPtrOutput),
	}
	if c.VPN == nil {
		return outputs, nil
	}
	v, err := vpn.New(ctx, env.Named("vpn"), vpn.Args{
		VPCID: n.VPCID, CIDR: c.CIDR.Prefix, Subnets: n.PrivateByZone,
		ClientCIDR:               c.VPN.ClientCIDR.Prefix,
		ServerCertificateARN:     string(c.VPN.ServerCertificateARN),
		ClientRootCertificateARN: string(c.VPN.ClientRootCertificateARN),
		LogRetentionDays:         c.FlowLogRetentionDays,
		LogsKeyARN:               foundation.Keys.Logs,
	}, inLayer)
	if err != nil {
		return NetworkOutputs{}, fmt.Errorf("deploy VPN: %w", err)
	}
	outputs.VPN = v.SecurityGroup.ToStringPtrOutput()
	return outputs, nil
}

func zones(c config.Network) map[string]network.Zone {
	zones := map[string]network.Zone{}
	for name, z := range c.Zones {
		zones[name] = network.Zone{Public: z.Public.Prefix, Private: z.Private.Prefix, Data: z.Data.Prefix}
	}
	return zones
}

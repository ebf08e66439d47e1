package cluster

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/securitygroup"
)

// newClients makes the security group that lets clients outside the cluster's
// own group call the private endpoint; without clients there is none. It has
// no way out: what the control plane calls, it calls through its own group.
func newClients(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (pulumi.StringArray, error) {
	if len(args.Clients) == 0 {
		return nil, nil
	}
	group, err := securitygroup.New(ctx, name+"-clients", securitygroup.Args{
		VPCID: args.VPCID, Description: "Clients of the Kubernetes API of " + name, Port: 443, Sources: args.Clients,
	}, child)
	if err != nil {
		return nil, err
	}
	return pulumi.StringArray{group.ID}, nil
}

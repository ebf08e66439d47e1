// Package securitygroup makes the security group of something that only
// answers: named sources may connect to one TCP port, and it starts no
// connection itself.
//
// Groups of things that connect outwards (nodes, VPN clients) belong to the
// packages of those things.
package securitygroup

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args says who may connect to what.
type Args struct {
	VPCID pulumi.StringInput
	// Description tells a reader of the console what stands behind the group.
	// AWS cannot change it: another text replaces the group.
	Description string
	// Port is the TCP port that answers.
	Port int
	// Sources are the security groups that may connect, by a name of their
	// own, such as "workloads". The names are identities; the order is not.
	Sources map[string]pulumi.StringInput
}

// SecurityGroup is a group with one rule a source.
type SecurityGroup struct {
	pulumi.ResourceState
	component.Parts

	ID pulumi.StringOutput `pulumi:"id"`
}

// New makes the group and its rules. A group without sources lets nobody in,
// which is always a slip, and is refused.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*SecurityGroup, error) {
	if len(args.Sources) == 0 {
		return nil, fmt.Errorf("make security group %s: no sources; name the groups that may connect", name)
	}
	s := &SecurityGroup{}
	return s, component.Register(ctx, "gatehouse:aws:SecurityGroup", name, s, func(child pulumi.ResourceOption) error {
		group, err := ec2.NewSecurityGroup(ctx, name, &ec2.SecurityGroupArgs{
			VpcId:       args.VPCID,
			Description: pulumi.String(args.Description),
			// No rule here: inline rules and rules of their own undo each
			// other. The provider removes AWS's default egress rule.
			Tags: pulumi.StringMap{"Name": pulumi.String(name)},
		}, child)
		if err != nil {
			return err
		}
		s.ID = group.ID().ToStringOutput()
		for _, source := range slices.Sorted(maps.Keys(args.Sources)) {
			_, err := vpc.NewSecurityGroupIngressRule(ctx, name+"-"+source, &vpc.SecurityGroupIngressRuleArgs{
				SecurityGroupId:           group.ID(),
				ReferencedSecurityGroupId: args.Sources[source],
				IpProtocol:                pulumi.String("tcp"),
				FromPort:                  pulumi.Int(args.Port),
				ToPort:                    pulumi.Int(args.Port),
				Description:               pulumi.Sprintf("from %s", source),
				Tags:                      pulumi.StringMap{"Name": pulumi.String(name + "-" + source)},
			}, child)
			if err != nil {
				return err
			}
		}
		return nil
	}, opts...)
}

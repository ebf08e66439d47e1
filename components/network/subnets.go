package network

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// subnets makes three subnets a zone. The role tags tell the AWS Load Balancer
// Controller where internet-facing and internal balancers go ("Subnet
// discovery"). No subnet gives out public addresses by itself.
func (b *builder) subnets() (err error) {
	b.public, err = b.tier("public", "kubernetes.io/role/elb", func(z Zone) netip.Prefix { return z.Public })
	if err != nil {
		return err
	}
	b.private, err = b.tier("private", "kubernetes.io/role/internal-elb", func(z Zone) netip.Prefix { return z.Private })
	if err != nil {
		return err
	}
	b.data, err = b.tier("data", "", func(z Zone) netip.Prefix { return z.Data })
	return err
}

func (b *builder) tier(tier, role string, of func(Zone) netip.Prefix) (map[string]*ec2.Subnet, error) {
	subnets := map[string]*ec2.Subnet{}
	for _, zone := range b.zones {
		name, tags := b.named(tier + "-" + zone)
		if role != "" {
			tags[role] = pulumi.String("1")
		}
		subnet, err := ec2.NewSubnet(b.ctx, name, &ec2.SubnetArgs{
			VpcId:               b.vpc.ID(),
			AvailabilityZone:    pulumi.String(zone),
			CidrBlock:           pulumi.String(of(b.args.Zones[zone]).String()),
			MapPublicIpOnLaunch: pulumi.Bool(false),
			Tags:                tags,
		}, b.child)
		if err != nil {
			return nil, fmt.Errorf("subnet %s of %s: %w", tier, zone, err)
		}
		subnets[zone] = subnet
	}
	return subnets, nil
}

// dataACL is a second fence around the data subnets, beside the security
// groups: whatever a group lets through by mistake stays inside the VPC.
func (b *builder) dataACL() error {
	name, tags := b.named("data")
	inside, everything := pulumi.String(b.args.CIDR.String()), pulumi.String("-1")
	_, err := ec2.NewNetworkAcl(b.ctx, name, &ec2.NetworkAclArgs{
		VpcId:     b.vpc.ID(),
		SubnetIds: b.ids(b.data),
		Ingress: ec2.NetworkAclIngressArray{ec2.NetworkAclIngressArgs{
			RuleNo: pulumi.Int(100), Action: pulumi.String("allow"), Protocol: everything,
			CidrBlock: inside, FromPort: pulumi.Int(0), ToPort: pulumi.Int(0),
		}},
		Egress: ec2.NetworkAclEgressArray{ec2.NetworkAclEgressArgs{
			RuleNo: pulumi.Int(100), Action: pulumi.String("allow"), Protocol: everything,
			CidrBlock: inside, FromPort: pulumi.Int(0), ToPort: pulumi.Int(0),
		}},
		Tags: tags,
	}, b.child)
	return err
}

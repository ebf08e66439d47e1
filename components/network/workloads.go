package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// out is one egress rule of the nodes: TCP to a port somewhere.
type out struct {
	name, why, cidr string
	port            int
}

// ways are what nodes and pods may call. DNS, time and instance metadata are
// not listed: security groups do not filter Amazon's own. Everything else
// within the cluster is the rule between nodes.
func ways(inside string) []out {
	return []out{
		{name: "https", why: "AWS, GitHub, registries and identity providers", cidr: everywhere, port: 443},
		{name: "postgres", why: "PostgreSQL", cidr: inside, port: 5432},
		{name: "redis", why: "Redis", cidr: inside, port: 6379},
		{name: "nfs", why: "EFS", cidr: inside, port: 2049},
	}
}

// workloads makes the nodes' security group. It lets nodes talk to each other
// and out where ways says; who may call in from elsewhere is added by what
// calls: the cluster, the load balancer.
func (b *builder) workloads() (err error) {
	name, tags := b.named("workloads")
	b.workloadsGroup, err = ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		VpcId: b.vpc.ID(), Description: pulumi.String("Nodes and pods"), Tags: tags,
	}, b.child)
	if err != nil {
		return err
	}
	self := b.workloadsGroup.ID()
	everything, between := pulumi.String("-1"), pulumi.String("Between nodes")
	if _, err := vpc.NewSecurityGroupIngressRule(b.ctx, name+"-from-nodes", &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: self, ReferencedSecurityGroupId: self, IpProtocol: everything, Description: between,
	}, b.child); err != nil {
		return err
	}
	if _, err := vpc.NewSecurityGroupEgressRule(b.ctx, name+"-to-nodes", &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: self, ReferencedSecurityGroupId: self, IpProtocol: everything, Description: between,
	}, b.child); err != nil {
		return err
	}
	for _, way := range ways(b.args.CIDR.String()) {
		_, err := vpc.NewSecurityGroupEgressRule(b.ctx, name+"-to-"+way.name, &vpc.SecurityGroupEgressRuleArgs{
			SecurityGroupId: self, Description: pulumi.String(way.why), CidrIpv4: pulumi.String(way.cidr),
			IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(way.port), ToPort: pulumi.Int(way.port),
		}, b.child)
		if err != nil {
			return fmt.Errorf("egress rule %s: %w", way.name, err)
		}
	}
	return nil
}

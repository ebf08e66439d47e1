// Package nodes makes the managed node groups of an EKS cluster: one role for
// all, and a launch template and a group each.
//
// What runs on the nodes lives elsewhere; the network add-on's permissions are
// a role of their own (identity), not the nodes'.
package nodes

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

// Args configures the node groups of a cluster.
type Args struct {
	// Partition is the AWS partition.
	Partition string
	// ClusterName is the cluster to join, Version its Kubernetes minor
	// version: nodes follow the control plane in the same update, after it.
	ClusterName pulumi.StringInput
	Version     string
	// SubnetIDs are private subnets over all zones.
	SubnetIDs pulumi.StringArrayInput
	// SecurityGroupIDs are on every node: the cluster's own group, without
	// which a node cannot join, and the one that data stores let in.
	SecurityGroupIDs []pulumi.StringInput
	// VolumesKeyARN encrypts the nodes' disks.
	VolumesKeyARN pulumi.StringInput
	// Tags are put on instances, their disks and network interfaces, which the
	// provider's default tags do not reach.
	Tags map[string]string
	// Groups are the node groups by pool name, e.g. "apps". The name is the
	// group's identity and the nodes' label gatehouse/pool.
	Groups map[string]Group
	// After is what must be there before the first node joins, such as the
	// network add-on.
	After []pulumi.Resource
}

// Group is one node group.
type Group struct {
	// InstanceTypes are what EC2 may choose from, Architecture that of all.
	InstanceTypes []string
	Architecture  Architecture
	// Min and Max bound the number of nodes; Desired is where it begins, and
	// the autoscaler's afterwards.
	Min, Max, Desired int
	// DiskGiB is the size of the root volume.
	DiskGiB int
	// Spot uses spare capacity, which AWS takes back at two minutes' notice:
	// such nodes are tainted and labelled as the deployment guide says ("Use
	// Spot Instances for Build Jobs").
	Spot bool
}

// Architecture is that of a node's processor; its value is EKS's type of the
// image for it, Amazon Linux 2023.
type Architecture string

// The architectures of EC2.
const (
	ARM64 Architecture = "AL2023_ARM_64_STANDARD"
	X86   Architecture = "AL2023_x86_64_STANDARD"
)

// Nodes are the node groups of a cluster.
type Nodes struct {
	pulumi.ResourceState
	component.Parts

	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
	// Ready are the groups; whatever runs pods depends on them.
	Ready []pulumi.Resource
}

// PoolLabel is the node label that names the pool.
const PoolLabel = "gatehouse/pool"

// New makes the node groups.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Nodes, error) {
	n := &Nodes{}
	err := component.Register(ctx, "gatehouse:aws:Nodes", name, n, func(child pulumi.ResourceOption) error {
		if len(args.Groups) == 0 {
			return fmt.Errorf("make node groups: none are named")
		}
		nodeRole, err := newRole(ctx, name, args, child)
		if err != nil {
			return err
		}
		n.RoleARN = nodeRole.ARN
		for pool, group := range args.Groups {
			made, err := newGroup(ctx, name, pool, group, args, nodeRole, child)
			if err != nil {
				return fmt.Errorf("pool %s: %w", pool, err)
			}
			n.Ready = append(n.Ready, made)
		}
		return nil
	}, opts...)
	return n, err
}

// newRole lets instances be nodes: join the cluster, pull images, and be
// reached through Session Manager instead of SSH.
func newRole(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (*role.Role, error) {
	return role.New(ctx, name+"-role", role.Args{
		Description: "EKS nodes of " + name,
		Partition:   args.Partition,
		// EC2 sends no source account, so that no condition can ask for it.
		Trust: []iampolicy.Statement{{
			ID: "Instances", Effect: iampolicy.Allow,
			Principals: []iampolicy.Principal{iampolicy.AWSService("ec2.amazonaws.com")},
			Actions:    []string{"sts:AssumeRole"},
		}},
		Managed: []string{"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"},
	}, child)
}

// newGroup makes one group. Its name is Pulumi's, so that a change which AWS
// only does by replacement makes the new group before the old one goes. The
// autoscaler needs no tags from us: EKS tags the scaling groups of managed
// node groups for its discovery.
func newGroup(ctx *pulumi.Context, name, pool string, group Group, args Args, nodeRole *role.Role, child pulumi.ResourceOption) (pulumi.Resource, error) {
	template, err := newTemplate(ctx, name, pool, group, args, child)
	if err != nil {
		return nil, err
	}
	inputs := &eks.NodeGroupArgs{
		ClusterName:   args.ClusterName,
		Version:       pulumi.String(args.Version),
		NodeRoleArn:   nodeRole.ARN,
		SubnetIds:     args.SubnetIDs,
		AmiType:       pulumi.String(group.Architecture),
		CapacityType:  pulumi.String("ON_DEMAND"),
		InstanceTypes: pulumi.ToStringArray(group.InstanceTypes),
		LaunchTemplate: eks.NodeGroupLaunchTemplateArgs{
			Id:      template.ID(),
			Version: pulumi.Sprintf("%d", template.LatestVersion),
		},
		ScalingConfig: eks.NodeGroupScalingConfigArgs{
			MinSize: pulumi.Int(group.Min), MaxSize: pulumi.Int(group.Max), DesiredSize: pulumi.Int(group.Desired),
		},
		UpdateConfig:     eks.NodeGroupUpdateConfigArgs{MaxUnavailablePercentage: pulumi.Int(33)},
		NodeRepairConfig: eks.NodeGroupNodeRepairConfigArgs{Enabled: pulumi.Bool(true)},
		Labels:           pulumi.StringMap{PoolLabel: pulumi.String(pool)},
	}
	if group.Spot {
		asSpot(inputs)
	}
	return eks.NewNodeGroup(ctx, name+"-"+pool, inputs, child,
		component.DependsOn(append([]pulumi.Resource{nodeRole}, args.After...)...),
		// The autoscaler moves it.
		pulumi.IgnoreChanges([]string{"scalingConfig.desiredSize"}))
}

// asSpot buys spare capacity and keeps away what does not tolerate it
// (deployment guide, "Use Spot Instances for Build Jobs").
func asSpot(inputs *eks.NodeGroupArgs) {
	inputs.CapacityType = pulumi.String("SPOT")
	inputs.Labels.(pulumi.StringMap)["node.kubernetes.io/lifecycle"] = pulumi.String("spot")
	inputs.Taints = eks.NodeGroupTaintArray{eks.NodeGroupTaintArgs{
		Key: pulumi.String("spot"), Value: pulumi.String("true"), Effect: pulumi.String("NO_SCHEDULE"),
	}}
}

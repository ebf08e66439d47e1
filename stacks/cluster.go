package stacks

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/cluster"
	"gatehouse/components/identity"
	"gatehouse/components/nodes"
	"gatehouse/stacks/config"
)

// deployCluster makes the control plane, the workloads' roles, the add-ons and
// the nodes, in the order in which they need each other: nodes join once the
// network add-on is there, and the other add-ons run on the nodes.
func deployCluster(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, network NetworkOutputs, edge EdgeOutputs, data DataOutputs) (ClusterOutputs, error) {
	inLayer, err := newLayer(ctx, env, "cluster", env.Providers.Regional)
	if err != nil {
		return ClusterOutputs{}, err
	}
	control, err := cluster.New(ctx, env.Named("cluster"), controlPlane(env, foundation, network), inLayer)
	if err != nil {
		return ClusterOutputs{}, fmt.Errorf("deploy cluster: %w", err)
	}
	workloads, err := identity.New(ctx, env.Named("identity"), identity.Args{
		Partition: env.Partition, Issuer: control.Issuer,
		Workloads: identity.Workloads(reachable(env, foundation, edge, data)),
	}, inLayer)
	if err != nil {
		return ClusterOutputs{}, fmt.Errorf("deploy workload identity: %w", err)
	}
	roles := workloads.Roles
	nodeAddons, err := cluster.NewAddons(ctx, env.Named("node-addons"), cluster.AddonsArgs{
		ClusterName: control.Name, Addons: cluster.NodeAddons(roles["vpc-cni"]), After: []pulumi.Resource{workloads},
	}, inLayer)
	if err != nil {
		return ClusterOutputs{}, fmt.Errorf("deploy node add-ons: %w", err)
	}
	c := env.Config.Cluster
	pools, err := nodes.New(ctx, env.Named("nodes"), nodes.Args{
		Partition: env.Partition, ClusterName: control.Name, Version: string(c.Version),
		SubnetIDs:        network.Private,
		SecurityGroupIDs: []pulumi.StringInput{control.SecurityGroupID, network.Workloads},
		VolumesKeyARN:    foundation.Keys.Volumes,
		Tags:             defaultTags(env),
		Groups: map[string]nodes.Group{
			"system": pool(c.NodeGroups.System, false),
			"apps":   pool(c.NodeGroups.Apps, false),
			"build":  pool(c.NodeGroups.Build, true),
		},
		After: []pulumi.Resource{nodeAddons},
	}, inLayer)
	if err != nil {
		return ClusterOutputs{}, fmt.Errorf("deploy nodes: %w", err)
	}
	_, err = cluster.NewAddons(ctx, env.Named("addons"), cluster.AddonsArgs{
		ClusterName: control.Name,
		Addons:      cluster.WorkloadAddons(roles["ebs-csi"], roles["efs-csi"], defaultTags(env)),
		After:       append([]pulumi.Resource{workloads}, pools.Ready...),
	}, inLayer)
	if err != nil {
		return ClusterOutputs{}, fmt.Errorf("deploy add-ons: %w", err)
	}
	return ClusterOutputs{
		Name: control.Name, Endpoint: control.Endpoint, CertificateAuthority: control.CertificateAuthority,
		OIDCProviderARN: workloads.ProviderARN,
		Roles:           roles,
		Kubeconfig:      control.Kubeconfig(env.Region),
		Ready:           slices.Concat(pools.Ready, control.Access),
	}, nil
}

func controlPlane(env Environment, foundation FoundationOutputs, network NetworkOutputs) cluster.Args {
	c := env.Config.Cluster
	args := cluster.Args{
		Partition: env.Partition, Region: env.Region, AccountID: env.AccountID,
		Version:          string(c.Version),
		LogRetentionDays: c.LogRetentionDays,
		SecretsKeyARN:    foundation.Keys.Cluster, LogsKeyARN: foundation.Keys.Logs,
		VPCID: network.VPCID, SubnetIDs: network.Private,
		Clients: map[string]pulumi.StringInput{},
		Protect: env.Config.Environment.Protect,
	}
	for _, cidr := range c.PublicAccessCIDRs {
		args.PublicAccessCIDRs = append(args.PublicAccessCIDRs, cidr.String())
	}
	for _, admin := range c.Admins {
		args.Admins = append(args.Admins, string(admin))
	}
	for _, reader := range c.ReadOnly {
		args.ReadOnly = append(args.ReadOnly, string(reader))
	}
	if env.Config.Network.VPN != nil {
		args.Clients["vpn"] = network.VPN.Elem()
	}
	return args
}

func pool(group config.NodeGroup, spot bool) nodes.Group {
	p := nodes.Group{
		Architecture: nodes.X86,
		Min:          group.Min, Max: group.Max, Desired: group.Desired,
		DiskGiB: group.DiskGiB,
		Spot:    spot,
	}
	for _, instance := range group.InstanceTypes {
		p.InstanceTypes = append(p.InstanceTypes, string(instance))
	}
	// The configuration refuses a group of two architectures.
	if group.InstanceTypes[0].ARM64() {
		p.Architecture = nodes.ARM64
	}
	return p
}

// reachable are the parts of the environment that workloads may be allowed to
// touch.
func reachable(env Environment, foundation FoundationOutputs, edge EdgeOutputs, data DataOutputs) identity.Resources {
	repositories := map[string]pulumi.StringInput{}
	for name, repository := range foundation.Repositories {
		repositories[name] = repository.ARN
	}
	resources := identity.Resources{
		Partition: env.Partition, Region: env.Region, AccountID: env.AccountID,
		ClusterName: env.Named("cluster"),
		Plugins:     foundation.Plugins.ARN, Backups: foundation.Backups.ARN, StorageKey: foundation.Keys.Storage,
		Secrets: foundation.SecretARNs, SecretsKey: foundation.Keys.Secrets,
		VolumesKey:   foundation.Keys.Volumes,
		Repositories: repositories,
		Database:     data.Postgres.ARN, DatabaseResourceID: data.Postgres.ResourceID,
		DatabaseSecret: data.Postgres.MasterSecretARN,
		Cache:          data.Redis.ARN, CacheUsers: data.Redis.UserARNs,
		ZoneID: edge.ZoneID, Domain: string(env.Config.Edge.Domain),
		LogGroups: logGroups(env),
	}
	if env.Config.Readiness.Enabled {
		resources.Reports, resources.ReportsKey = foundation.Audit.ARN, foundation.Keys.Logs
	}
	if plugins := env.Config.Portal.Plugins; plugins.Managed() {
		resources.Trail, resources.TrailKey = foundation.Audit.ARN, foundation.Keys.Logs
		if plugins.Rebuild != nil && plugins.Rebuild.CodeBuild != nil {
			resources.BuildProject = plugins.Rebuild.CodeBuild.Project
		}
	}
	return resources
}

// logGroups is how the names of the workloads' log groups begin.
func logGroups(env Environment) string { return "/gatehouse/" + env.Name + "/" }

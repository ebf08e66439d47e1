package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/access"
	"gatehouse/components/workload"
	"gatehouse/stacks/config"
)

// deployAccess makes what the plugin installer may do with the API of the
// cluster. The roles of backups and of recovery are the backup component's,
// those of controllers their charts'; nobody else of ours calls the API.
func deployAccess(ctx *pulumi.Context, env Environment, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) error {
	_, err := access.NewAccount(ctx, env.Named("plugin-installer"), access.AccountArgs{
		Name: "plugin-installer", Namespace: namespaces[backstageNamespace], Labels: ownership(env), RoleARN: cluster.Roles["plugin-installer"],
	}, opts...)
	if err != nil {
		return fmt.Errorf("deploy access: %w", err)
	}
	_, err = access.NewRole(ctx, env.Named("role-plugin-installer"), access.RoleArgs{
		Name: "plugin-installer", Namespace: namespaces[backstageNamespace], Labels: ownership(env), Rules: pluginInstallerRules(env),
		Accounts: []access.Subject{{Namespace: backstageNamespace, Name: "plugin-installer"}},
	}, opts...)
	if err != nil {
		return fmt.Errorf("deploy access: %w", err)
	}
	return nil
}

// pluginInstallerRules is the guide's role ("RBAC Configuration"), which may
// change every ConfigMap, Secret and Deployment, narrowed to those of the
// plugins and Backstage.
func pluginInstallerRules(env Environment) []access.Rule {
	change := []string{"get", "update", "patch"}
	return []access.Rule{
		{Resources: []string{"configmaps", "secrets"}, Names: []string{"backstage-plugins"}, Verbs: change},
		{Group: "apps", Resources: []string{"deployments"}, Names: deployments(env, "backstage-backend"), Verbs: change},
	}
}

// deployments are the Deployments of workloads: one each, or one a slot.
func deployments(env Environment, workloads ...string) []string {
	if env.Config.Portal.Strategy != config.BlueGreen {
		return workloads
	}
	var names []string
	for _, name := range workloads {
		names = append(names, name+"-"+string(workload.Blue), name+"-"+string(workload.Green))
	}
	return names
}

package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/access"
	"gatehouse/components/workload"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

// deployAccess makes what the plugin installer may do with the API of the
// cluster. The roles of backups and of recovery are the backup component's,
// those of controllers their charts'; nobody else of ours calls the API. It
// returns what the installer's Jobs wait for.
func deployAccess(ctx *pulumi.Context, env Environment, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	account, err := access.NewAccount(ctx, env.Named("plugin-installer"), access.AccountArgs{
		Name: "plugin-installer", Namespace: namespaces[backstageNamespace], Labels: ownership(env), RoleARN: cluster.Roles["plugin-installer"],
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy access: %w", err)
	}
	role, err := access.NewRole(ctx, env.Named("role-plugin-installer"), access.RoleArgs{
		Name: "plugin-installer", Namespace: namespaces[backstageNamespace], Labels: ownership(env), Rules: pluginInstallerRules(env),
		Accounts: []access.Subject{{Namespace: backstageNamespace, Name: "plugin-installer"}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy access: %w", err)
	}
	return []pulumi.Resource{account, role}, nil
}

// pluginInstallerRules is the guide's role ("RBAC Configuration"), which may
// change every ConfigMap, Secret and Deployment, narrowed to those of the
// plugins and Backstage. Where plugins are managed, the installer also follows a
// rollout, reads why a pod ended, and takes turns with others by a Lease.
func pluginInstallerRules(env Environment) []access.Rule {
	change := []string{"get", "update", "patch"}
	rules := []access.Rule{
		{Resources: []string{"configmaps", "secrets"}, Names: []string{install.StatusName}, Verbs: change},
		{Group: "apps", Resources: []string{"deployments"}, Names: deployments(env, backstageName), Verbs: change},
	}
	if !env.Config.Portal.Plugins.Managed() {
		return rules
	}
	const made = "the Deployment's controller names them, anew in each rollout"
	return append(rules,
		access.Rule{Group: "apps", Resources: []string{"replicasets"}, Verbs: []string{"list"}},
		access.Rule{Resources: []string{"pods", "events"}, Verbs: []string{"list"}},
		access.Rule{Resources: []string{"pods/log"}, Verbs: []string{"get"}, Unnamed: made},
		access.Rule{Group: "coordination.k8s.io", Resources: []string{"leases"}, Verbs: []string{"create"}},
		access.Rule{Group: "coordination.k8s.io", Resources: []string{"leases"}, Names: []string{install.StatusName}, Verbs: []string{"get", "update"}},
	)
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

package backup

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/access"
)

// The ServiceAccounts. Each job has the one that may do no more than it needs.
const (
	// backupAccount backs up and drills.
	backupAccount = "backup"
	// recoveryAccount may besides stop and start the portal.
	recoveryAccount = "recovery"
	// loginsAccount has neither AWS nor the Kubernetes API.
	loginsAccount = "database-roles"
)

func newAccounts(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	for account, role := range map[string]pulumi.StringInput{
		backupAccount: args.RoleARN, recoveryAccount: args.RoleARN, loginsAccount: nil,
	} {
		_, err := access.NewAccount(ctx, name+"-"+account, access.AccountArgs{
			Name: account, Namespace: args.Namespace, Labels: args.Labels, RoleARN: role,
		}, child)
		if err != nil {
			return err
		}
	}
	subject := func(account string) access.Subject {
		return access.Subject{Namespace: args.NamespaceName, Name: account}
	}
	roles := map[string]access.RoleArgs{
		"status": {
			Name: "backup-status", Namespace: args.Namespace,
			Rules:    []access.Rule{{Resources: []string{"configmaps"}, Names: []string{StatusName}, Verbs: []string{"get", "patch"}}},
			Accounts: []access.Subject{subject(backupAccount), subject(recoveryAccount)},
		},
	}
	for namespace, stops := range args.Recovers {
		roles["configuration-"+namespace] = access.RoleArgs{
			Name: "backup-configuration", Namespace: stops.Namespace, Rules: configuration(), Accounts: []access.Subject{subject(backupAccount)},
		}
		roles["recovery-"+namespace] = access.RoleArgs{
			Name: "backup-recovery", Namespace: stops.Namespace, Rules: scaling(stops.Deployments), Accounts: []access.Subject{subject(recoveryAccount)},
		}
	}
	for suffix, role := range roles {
		role.Labels = args.Labels
		if _, err := access.NewRole(ctx, name+"-"+suffix, role, child); err != nil {
			return err
		}
	}
	return nil
}

// configuration is what a configuration backup reads. Secrets are not in it:
// whoever may list them reads their values, and those live in Secrets Manager
// or Vault. ExternalSecrets tell their names and keys.
func configuration() []access.Rule {
	list := []string{"list"}
	return []access.Rule{
		{Resources: []string{"configmaps", "services", "serviceaccounts", "persistentvolumeclaims", "resourcequotas", "limitranges"}, Verbs: list},
		{Group: "apps", Resources: []string{"deployments", "statefulsets"}, Verbs: list},
		{Group: "autoscaling", Resources: []string{"horizontalpodautoscalers"}, Verbs: list},
		{Group: "batch", Resources: []string{"cronjobs"}, Verbs: list},
		{Group: "networking.k8s.io", Resources: []string{"ingresses", "networkpolicies"}, Verbs: list},
		{Group: "policy", Resources: []string{"poddisruptionbudgets"}, Verbs: list},
		{Group: "rbac.authorization.k8s.io", Resources: []string{"roles", "rolebindings"}, Verbs: list},
		{Group: "external-secrets.io", Resources: []string{"externalsecrets"}, Verbs: list},
	}
}

// scaling stops and starts Deployments, by name, and waits for their pods.
func scaling(deployments []string) []access.Rule {
	return []access.Rule{
		{Group: "apps", Resources: []string{"deployments"}, Names: deployments, Verbs: []string{"get"}},
		{Group: "apps", Resources: []string{"deployments/scale"}, Names: deployments, Verbs: []string{"patch"}},
		{Resources: []string{"pods"}, Verbs: []string{"list"}},
	}
}

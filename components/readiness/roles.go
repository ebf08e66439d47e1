package readiness

import (
	"fmt"
	"maps"
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/access"
)

// listed is what the checks list in the whole cluster, by API group. Secrets are
// not in it: whoever may list them reads their values. The items that need them
// are UNKNOWN here, and say why.
var listed = map[string][]string{
	"": {
		"limitranges", "namespaces", "nodes", "persistentvolumeclaims", "pods", "resourcequotas", "serviceaccounts", "services",
	},
	"apps":                      {"daemonsets", "deployments", "replicasets", "statefulsets"},
	"autoscaling":               {"horizontalpodautoscalers"},
	"batch":                     {"cronjobs", "jobs"},
	"cert-manager.io":           {"certificates"},
	"discovery.k8s.io":          {"endpointslices"},
	"external-secrets.io":       {"clustersecretstores", "externalsecrets", "secretstores"},
	"networking.istio.io":       {"destinationrules"},
	"networking.k8s.io":         {"ingresses", "networkpolicies"},
	"policy":                    {"poddisruptionbudgets"},
	"rbac.authorization.k8s.io": {"clusterrolebindings", "clusterroles", "rolebindings", "roles"},
	"security.istio.io":         {"peerauthentications"},
	"storage.k8s.io":            {"storageclasses"},
}

// backupStatus is where the keeper tells of its last runs (components/backup).
const backupStatus = "backup-status"

// newRoles lets the account read. A review of what an account may do changes
// nothing either, though its verb is create.
func newRoles(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	metadata := metav1.ObjectMetaArgs{Name: pulumi.String("gatehouse-" + App), Labels: pulumi.ToStringMap(args.Labels)}
	role, err := rbacv1.NewClusterRole(ctx, name, &rbacv1.ClusterRoleArgs{Metadata: metadata, Rules: clusterRules()}, child)
	if err != nil {
		return err
	}
	_, err = rbacv1.NewClusterRoleBinding(ctx, name, &rbacv1.ClusterRoleBindingArgs{
		Metadata: metadata,
		RoleRef: rbacv1.RoleRefArgs{
			ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("ClusterRole"), Name: role.Metadata.Name().Elem(),
		},
		Subjects: rbacv1.SubjectArray{rbacv1.SubjectArgs{
			Kind: pulumi.String("ServiceAccount"), Namespace: pulumi.String(args.NamespaceName), Name: pulumi.String(App),
		}},
	}, child)
	if err != nil {
		return err
	}
	for _, namespace := range slices.Sorted(maps.Keys(args.Portal)) {
		_, err := access.NewRole(ctx, name+"-"+namespace, access.RoleArgs{
			Name: App, Namespace: args.Portal[namespace], Labels: args.Labels,
			Rules: []access.Rule{
				{Resources: []string{"configmaps"}, Verbs: []string{"list"}},
				{Resources: []string{"configmaps"}, Names: []string{backupStatus}, Verbs: []string{"get"}},
			},
			Accounts: []access.Subject{{Namespace: args.NamespaceName, Name: App}},
		}, child)
		if err != nil {
			return fmt.Errorf("make role of %s: %w", namespace, err)
		}
	}
	return nil
}

func clusterRules() rbacv1.PolicyRuleArray {
	rule := func(verb, group string, resources ...string) rbacv1.PolicyRuleArgs {
		return rbacv1.PolicyRuleArgs{
			ApiGroups: pulumi.ToStringArray([]string{group}), Resources: pulumi.ToStringArray(resources), Verbs: pulumi.ToStringArray([]string{verb}),
		}
	}
	var rules rbacv1.PolicyRuleArray
	for _, group := range slices.Sorted(maps.Keys(listed)) {
		rules = append(rules, rule("list", group, listed[group]...))
	}
	return append(rules, rule("create", "authorization.k8s.io", "subjectaccessreviews"))
}

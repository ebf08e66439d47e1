package access_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/access"
	"gatehouse/components/componenttest"
)

const (
	roleType    = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	bindingType = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
)

func try(args access.RoleArgs) (componenttest.Registrations, error) {
	args.Namespace, args.Labels = pulumi.String("market"), map[string]string{"gatehouse/owner": "platform"}
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := access.NewRole(ctx, "r", args)
		return err
	})
}

func TestTheRoleIsBoundToItsAccounts(t *testing.T) {
	seen, err := try(access.RoleArgs{
		Name: "seller", Accounts: []access.Subject{{Namespace: "staff", Name: "ada"}},
		Rules: []access.Rule{
			{Resources: []string{"configmaps"}, Names: []string{"prices"}, Verbs: []string{"get", "update"}},
			{Group: "apps", Resources: []string{"deployments"}, Verbs: []string{"list"}},
			{Resources: []string{"pods", "pods/log"}, Verbs: []string{"get", "list"}, Unnamed: "the Deployment names them"},
		},
	})
	require.NoError(t, err)
	role := seen.One(t, roleType)
	require.Equal(t, map[string]any{"name": "seller", "namespace": "market", "labels": map[string]any{"gatehouse/owner": "platform"}}, role.Input("metadata"))
	require.Equal(t, []any{
		map[string]any{"apiGroups": []any{""}, "resources": []any{"configmaps"}, "resourceNames": []any{"prices"}, "verbs": []any{"get", "update"}},
		map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"list"}},
		map[string]any{"apiGroups": []any{""}, "resources": []any{"pods", "pods/log"}, "verbs": []any{"get", "list"}},
	}, role.Input("rules"))
	binding := seen.One(t, bindingType)
	require.Equal(t, map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "seller"}, binding.Input("roleRef"))
	require.Equal(t, []any{map[string]any{"kind": "ServiceAccount", "namespace": "staff", "name": "ada"}}, binding.Input("subjects"))
	require.Contains(t, binding.Parent, "gatehouse:kubernetes:Role::r")
}

func TestARoleWithoutAccountsIsBoundToNobody(t *testing.T) {
	seen, err := try(access.RoleArgs{Name: "spare", Rules: []access.Rule{{Resources: []string{"pods"}, Verbs: []string{"list"}}}})
	require.NoError(t, err)
	require.Len(t, seen.OfType(roleType), 1)
	require.Empty(t, seen.OfType(bindingType))
}

func TestRulesThatReachFurtherThanTheySay(t *testing.T) {
	for want, rule := range map[string]access.Rule{
		"a wildcard allows what nobody thought of":          {Resources: []string{"*"}, Verbs: []string{"list"}},
		"name what [*] may be done to [pods]":               {Resources: []string{"pods"}, Verbs: []string{"*"}},
		"name what [list] may be done to [jobs]":            {Group: "*", Resources: []string{"jobs"}, Verbs: []string{"list"}},
		"name what [get] may be done to [configmaps]":       {Resources: []string{"configmaps"}, Names: []string{"*"}, Verbs: []string{"get"}},
		"name the [configmaps] that may be reached by get":  {Resources: []string{"configmaps"}, Verbs: []string{"get"}},
		"name the [secrets] that may be reached by patch":   {Resources: []string{"secrets"}, Verbs: []string{"patch"}},
		"name the [pods] that may be reached by delete":     {Resources: []string{"pods"}, Verbs: []string{"create", "delete"}},
		"put create of [pods] in a rule without names":      {Resources: []string{"pods"}, Names: []string{"one"}, Verbs: []string{"create"}},
		"allow no list of secrets":                          {Resources: []string{"secrets"}, Names: []string{"one"}, Verbs: []string{"list"}},
		"patch or delete, not \"impersonate\"":              {Resources: []string{"users"}, Names: []string{"ada"}, Verbs: []string{"impersonate"}},
		"name the resources and the verbs of every rule":    {Resources: []string{"pods"}},
		"name the [secrets] that may be reached by get":     {Resources: []string{"secrets"}, Verbs: []string{"get"}, Unnamed: "too many"},
		"name the [pods] that may be reached by patch":      {Resources: []string{"pods"}, Verbs: []string{"get", "patch"}, Unnamed: "the Deployment names them"},
		"make role seller: name the resources and the verb": {Verbs: []string{"list"}},
	} {
		_, err := try(access.RoleArgs{Name: "seller", Rules: []access.Rule{rule}})
		require.ErrorContains(t, err, want)
	}
	_, err := try(access.RoleArgs{Name: "seller"})
	require.ErrorContains(t, err, "it allows nothing")
}

func TestAccounts(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		for name, role := range map[string]pulumi.StringInput{"ada": pulumi.String("arn:role"), "bob": nil} {
			if _, err := access.NewAccount(ctx, name, access.AccountArgs{Name: name, Namespace: pulumi.String("staff"), RoleARN: role}); err != nil {
				return err
			}
		}
		return nil
	})
	ada := seen.Named(t, "kubernetes:core/v1:ServiceAccount", "ada")
	require.Equal(t, map[string]any{"eks.amazonaws.com/role-arn": "arn:role"}, ada.Input("metadata.annotations"))
	require.Equal(t, false, ada.Input("automountServiceAccountToken"))
	require.Nil(t, seen.Named(t, "kubernetes:core/v1:ServiceAccount", "bob").Input("metadata.annotations"))
}

package stacks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const (
	roleType    = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	bindingType = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
)

// The guide's role of the plugin installer, narrowed to named objects.
func TestThePluginInstallerReachesOnlyItsOwn(t *testing.T) {
	seen := runPortal(t, configtest.Production())
	role := seen.One(t, roleType)
	require.Equal(t, []any{
		map[string]any{
			"apiGroups": []any{""}, "resources": []any{"configmaps", "secrets"}, "resourceNames": []any{"backstage-plugins"},
			"verbs": []any{"get", "update", "patch"},
		},
		map[string]any{
			"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "resourceNames": []any{"backstage-backend"},
			"verbs": []any{"get", "update", "patch"},
		},
	}, role.Input("rules"))
	binding := seen.One(t, bindingType)
	require.Equal(t, []any{map[string]any{"kind": "ServiceAccount", "namespace": "backstage", "name": "plugin-installer"}}, binding.Input("subjects"))
	account := seen.Named(t, "kubernetes:core/v1:ServiceAccount", "gatehouse-test-plugin-installer")
	require.Equal(t, "arn:role/plugin-installer", account.Input(`metadata.annotations["eks.amazonaws.com/role-arn"]`))
}

// With two Deployments of Backstage the role names both.
func TestThePluginInstallersRoleFollowsTheStrategy(t *testing.T) {
	c := configtest.Production()
	active := config.Blue
	c.Portal.Strategy, c.Portal.Active = config.BlueGreen, &active
	require.Equal(t, []any{"backstage-backend-blue", "backstage-backend-green"},
		runPortal(t, c).One(t, roleType).Input("rules[1].resourceNames"))
}

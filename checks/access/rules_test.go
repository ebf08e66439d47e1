package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
)

// What a rule says in words, and whether it is power: in the whole cluster, and
// in one namespace.
func TestRules(t *testing.T) {
	rule := func(group, resource, verb string, names ...string) evidence.KubeRule {
		return evidence.KubeRule{Groups: []string{group}, Resources: []string{resource}, Verbs: []string{verb}, Names: names}
	}
	for text, c := range map[string]struct {
		rule          evidence.KubeRule
		cluster, here bool
	}{
		"all verbs on all resources":                      {rule("*", "*", "*"), true, true},
		"get all resources":                               {rule("*", "*", "get"), true, true},
		"delete all resources":                            {rule("*", "*/*", "delete"), true, true},
		"get all resources of the core API":               {rule("", "*", "get"), true, true},
		"get all resources of example.com":                {rule("example.com", "*", "get"), false, false},
		"get, list pods":                                  {evidence.KubeRule{Groups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"list", "get"}}, false, false},
		"watch secrets":                                   {rule("", "secrets", "watch"), true, true},
		"get secrets named a, b":                          {rule("", "secrets", "get", "b", "a"), false, false},
		"get secrets.example.com":                         {rule("example.com", "secrets", "get"), false, false},
		"get secrets.*":                                   {rule("*", "secrets", "get"), true, true},
		"create pods":                                     {rule("", "pods", "create"), true, true},
		"delete pods":                                     {rule("", "pods", "delete"), false, false},
		"create pods/exec":                                {rule("", "pods/exec", "create"), true, true},
		"create */exec":                                   {rule("", "*/exec", "create"), true, true},
		"patch deployments.apps":                          {rule("apps", "deployments", "patch"), true, true},
		"escalate clusterroles.rbac.authorization.k8s.io": {rule("rbac.authorization.k8s.io", "clusterroles", "escalate"), true, true},
		"create rolebindings.rbac.authorization.k8s.io":   {rule("rbac.authorization.k8s.io", "rolebindings", "create"), false, false},
		"impersonate users":                               {rule("", "users", "impersonate"), true, true},
		"get nodes/proxy":                                 {rule("", "nodes/proxy", "get"), true, false},
		"update mutatingwebhookconfigurations.admissionregistration.k8s.io": {rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "update"), true, false},
	} {
		t.Run(text, func(t *testing.T) {
			rules := []evidence.KubeRule{c.rule}
			require.Equal(t, []string{text}, mayOf(rules, true))
			require.Equal(t, c.cluster, powerful(rules, true))
			require.Equal(t, c.here, powerful(rules, false))
		})
	}
	paths := []evidence.KubeRule{{URLs: []string{"/metrics"}, Verbs: []string{"get"}}}
	require.Equal(t, []string{"get /metrics"}, mayOf(paths, true))
	require.Empty(t, mayOf(paths, false), "a RoleBinding gives no paths")
	require.Empty(t, mayOf(nil, true))
	require.Empty(t, mayOf([]evidence.KubeRule{{Groups: []string{""}, Resources: []string{"pods"}}}, true), "no verb is no right")
}

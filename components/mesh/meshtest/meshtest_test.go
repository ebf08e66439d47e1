package meshtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"gatehouse/components/mesh/meshtest"
)

func policy(t *testing.T, namespace, spec string) meshtest.Policy {
	t.Helper()
	p := meshtest.Policy{}
	require.NoError(t, yaml.Unmarshal([]byte(spec), &p))
	p.Namespace, p.Name = namespace, "p"
	return p
}

// TestAllowed asks for a call of web in shop to port 80 of a pod app=store in
// namespace data, of a mesh whose root is namespace mesh.
func TestAllowed(t *testing.T) {
	const web = "cluster.local/ns/shop/sa/web"
	rule := func(principal, port string) string {
		return `{selector: {matchLabels: {app: store}}, action: ALLOW, rules: [{from: [{source: {principals: [` + principal +
			`]}}], to: [{operation: {ports: ["` + port + `"]}}]}]}`
	}
	for name, c := range map[string]struct {
		namespace, spec string
		want            bool
	}{
		"allowed":                   {"data", rule(web, "80"), true},
		"another port":              {"data", rule(web, "8080"), false},
		"another identity":          {"data", rule(web+"s", "80"), false},
		"nothing allowed":           {"data", `{}`, false},
		"nothing allowed at all":    {"mesh", `{}`, false},
		"everything allowed":        {"data", `{rules: [{}]}`, true},
		"from everyone":             {"data", `{rules: [{to: [{operation: {ports: ["80"]}}]}]}`, true},
		"on every port":             {"data", `{rules: [{from: [{source: {principals: [` + web + `]}}]}]}`, true},
		"no policy selects the pod": {"data", `{selector: {matchLabels: {app: other}}}`, true},
		"no policy is there":        {"shop", `{}`, true},
	} {
		got, err := meshtest.Allowed([]meshtest.Policy{policy(t, c.namespace, c.spec)}, "mesh", web, "data", map[string]string{"app": "store"}, 80)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
	}
	both := []meshtest.Policy{policy(t, "mesh", `{}`), policy(t, "data", rule(web, "80"))}
	got, err := meshtest.Allowed(both, "mesh", web, "data", map[string]string{"app": "store"}, 80)
	require.NoError(t, err)
	require.True(t, got, "one that allows is enough")

	_, err = meshtest.Allowed([]meshtest.Policy{policy(t, "data", `{action: DENY}`)}, "mesh", web, "data", map[string]string{"app": "store"}, 80)
	require.ErrorContains(t, err, "action DENY")
}

package kubernetes

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	unknown := resource.Computed{Element: resource.NewProperty("")}
	for name, c := range map[string]struct {
		token   string
		program map[string]any
		fails   string // the property; "none" where there is no failure
		says    string
	}{
		"kind from the token":     {"kubernetes:core/v1:Namespace", map[string]any{}, "none", ""},
		"custom resource":         {"kubernetes:monitoring.coreos.com/v1:ServiceMonitor", map[string]any{"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor"}, "none", ""},
		"unknown metadata":        {"kubernetes:core/v1:Namespace", map[string]any{"metadata": unknown}, "none", ""},
		"unknown name":            {"kubernetes:core/v1:Namespace", map[string]any{"metadata": map[string]any{"name": unknown}}, "none", ""},
		"list of its own":         {"kubernetes:example.com/v1:AllowList", map[string]any{"kind": "AllowList"}, "none", ""},
		"patch":                   {"kubernetes:apps/v1:DeploymentPatch", map[string]any{"kind": "Deployment"}, "", "patches"},
		"list":                    {"kubernetes:core/v1:PodList", map[string]any{"kind": "PodList", "items": []any{}}, "", "lists"},
		"chart":                   {"kubernetes:helm.sh/v4:Chart", map[string]any{}, "", "no stand-in"},
		"another provider's":      {"aws:ec2/vpc:Vpc", map[string]any{}, "", "no type"},
		"another kind":            {"kubernetes:core/v1:Secret", map[string]any{"kind": "ConfigMap"}, "", "does not fit"},
		"metadata is no object":   {"kubernetes:core/v1:Namespace", map[string]any{"metadata": "x"}, "metadata", "object"},
		"name with a slash":       {"kubernetes:core/v1:Namespace", map[string]any{"metadata": map[string]any{"name": "a/b"}}, "metadata.name", "'/'"},
		"label is a number":       {"kubernetes:core/v1:Namespace", map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": 1}}}, `metadata.labels["a"]`, "string"},
		"generateName":            {"kubernetes:core/v1:Namespace", map[string]any{"metadata": map[string]any{"generateName": "a-"}}, "metadata.generateName", "not served"},
		"release without a chart": {"kubernetes:helm.sh/v3:Release", map[string]any{}, "chart", "chart"},
		"release of an archive":   {"kubernetes:helm.sh/v3:Release", map[string]any{"chart": "./.gatehouse/charts/istiod-1.27.0.tgz"}, "none", ""},
		"release":                 {"kubernetes:helm.sh/v3:Release", map[string]any{"chart": "istiod"}, "none", ""},
	} {
		t.Run(name, func(t *testing.T) {
			checked := resourceOf(t, New("4.30.0"), c.token, "thing").check(props(c.program))
			if c.fails == "none" {
				require.Empty(t, checked.Failures)
				return
			}
			require.Len(t, checked.Failures, 1)
			require.Equal(t, resource.PropertyKey(c.fails), checked.Failures[0].Property)
			require.Contains(t, checked.Failures[0].Reason, c.says)
		})
	}
}

func TestNames(t *testing.T) {
	p := New("4.30.0")
	space := resourceOf(t, p, "kubernetes:core/v1:Namespace", "space")
	program := props(map[string]any{})
	first := space.valid(program)
	name, _ := stringAt(first, "metadata", "name")
	require.Regexp(t, `^space-[0-9a-f]{8}$`, name)

	space.inputs, space.seed = first, "another run"
	require.Equal(t, first, space.valid(program), "the name of last time is kept")

	named := space.valid(with(t, program, "metadata.name", "mine"))
	require.Equal(t, "mine", named["metadata"].ObjectValue()["name"].StringValue())
	space.inputs = named
	again, _ := stringAt(space.valid(program), "metadata", "name")
	require.NotEqual(t, "mine", again, "a name that the program took back is not kept")

	for mode, says := range map[plugin.AutonamingMode]string{
		plugin.AutonamingModePropose: "", plugin.AutonamingModeEnforce: "", plugin.AutonamingModeDisabled: "disabled",
	} {
		checked, err := p.Check(t.Context(), plugin.CheckRequest{
			URN: space.urn, Name: "space", Type: space.urn.Type(), News: program,
			Autonaming: &plugin.AutonamingOptions{ProposedName: "proposed", Mode: mode},
		})
		require.NoError(t, err)
		if says != "" {
			require.Contains(t, checked.Failures[0].Reason, says)
			continue
		}
		name, _ := stringAt(checked.Properties, "metadata", "name")
		require.Equal(t, "proposed", name)
	}
}

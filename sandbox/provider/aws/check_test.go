package aws

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestRowsMatchTheSDK requires that each row names a type of the SDK, and only properties that it has.
func TestRowsMatchTheSDK(t *testing.T) {
	sdk, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi-aws/sdk/v6").Output()
	require.NoError(t, err)
	for name, row := range table() {
		t.Run(strings.ReplaceAll(name, "/", "."), func(t *testing.T) {
			require.True(t, registered(t, strings.TrimSpace(string(sdk)), reflect.TypeOf(row.State), name), "the SDK registers no %s", name)
			in, out := properties(inputsOf(row)), outputsOf(row)
			for _, property := range row.Replace {
				if property != "*" {
					require.Contains(t, in, property, "Replace")
				}
			}
			for path := range row.Unseen {
				require.Contains(t, in, root(path), "Unseen")
			}
			for _, property := range row.Secret {
				require.Contains(t, out, property, "Secret")
			}
			if row.Name != "" {
				require.Contains(t, in, row.Name, "Name")
			}
			if row.Simulated {
				require.Nil(t, row.Create)
				return
			}
			for step, f := range map[string]any{"Create": row.Create, "Read": row.Read, "Delete": row.Delete} {
				require.False(t, reflect.ValueOf(f).IsNil(), step)
			}
		})
	}
}

// registered reports whether the SDK's package of a type registers a token.
func registered(t *testing.T, sdk string, of reflect.Type, name string) bool {
	t.Helper()
	_, dir, _ := strings.Cut(of.PkgPath(), "/sdk/v6/")
	file := strings.ToLower(of.Name()[:1]) + of.Name()[1:] + ".go"
	source, err := os.ReadFile(filepath.Join(sdk, dir, file))
	require.NoError(t, err)
	return strings.Contains(string(source), `RegisterResource("`+name+`"`)
}

func TestCheck(t *testing.T) {
	instance := func(more props) props {
		in := props{"instanceClass": "db.m6g.large"}
		for k, v := range more {
			in[k] = v
		}
		return in
	}
	for name, c := range map[string]struct {
		token          string
		in             props
		property, want string
	}{
		"unknown property":        {"aws:rds/instance:Instance", instance(props{"multiAZ": true}), "multiAZ", `no such property; did you mean "multiAz"?`},
		"unknown nested property": {"aws:eks/cluster:Cluster", props{"roleArn": "x", "vpcConfig": props{"subnetIDs": []any{}}}, "vpcConfig.subnetIDs", `did you mean "subnetIds"?`},
		"unknown in a list":       {"aws:rds/parameterGroup:ParameterGroup", props{"family": "x", "parameters": []any{props{"name": "a", "value": "b", "aplyMethod": "c"}}}, "parameters[0].aplyMethod", `did you mean "applyMethod"?`},
		"wrong type":              {"aws:rds/instance:Instance", instance(props{"allocatedStorage": "100"}), "allocatedStorage", "must be a number, not string"},
		"wrong element type":      {"aws:rds/instance:Instance", instance(props{"vpcSecurityGroupIds": []any{1.0}}), "vpcSecurityGroupIds[0]", "must be a string, not number"},
		"object for a list":       {"aws:rds/instance:Instance", instance(props{"vpcSecurityGroupIds": props{}}), "vpcSecurityGroupIds", "must be a list, not object"},
		"required":                {"aws:rds/instance:Instance", props{}, "instanceClass", "is required"},
		"unknown type":            {"aws:redshift/cluster:Cluster", props{}, "", "add a row to sandbox/provider/aws/redshift.go"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := New("6.83.0").Check(t.Context(), plugin.CheckRequest{URN: urnOf(c.token, "x"), News: resource.NewPropertyMapFromMap(c.in)})
			require.NoError(t, err)
			require.Len(t, out.Failures, 1)
			require.Equal(t, resource.PropertyKey(c.property), out.Failures[0].Property)
			require.Contains(t, out.Failures[0].Reason, c.want)
		})
	}
	t.Run("unknown and secret values pass", func(t *testing.T) {
		out, err := New("6.83.0").Check(t.Context(), plugin.CheckRequest{URN: urnOf("aws:rds/instance:Instance", "x"), News: resource.PropertyMap{
			"instanceClass": resource.MakeComputed(resource.NewStringProperty("")),
			"password":      resource.MakeSecret(resource.NewStringProperty("p")),
		}})
		require.NoError(t, err)
		require.Empty(t, out.Failures)
		require.True(t, out.Properties["password"].IsSecret())
	})
}

func TestDefaultTagsYieldToOwn(t *testing.T) {
	p := New("6.83.0").(*standIn)
	p.defaultTags = defaultTags(resource.NewPropertyMapFromMap(map[string]any{"owner": "platform", "environment": "test"}))
	in := check(t, p, urnOf("aws:ec2/vpc:Vpc", "vpc"), nil, props{"tags": props{"owner": "portal"}})
	require.Equal(t, props{"owner": "portal", "environment": "test"}, unwrap(in)["tags"])
	require.NotContains(t, check(t, p, urnOf("aws:ec2/route:Route", "r"), nil, props{"routeTableId": "x"}), resource.PropertyKey("tags"))
}

// TestAutoname requires names that fit, that stay, and that are new when the resource is replaced.
func TestAutoname(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		logical := rapid.StringMatching(`[a-z][a-z0-9-]{0,80}`).Draw(rt, "logical")
		p := New("6.83.0").(*standIn)
		urn := urnOf("aws:elasticache/replicationGroup:ReplicationGroup", logical)
		in := props{"description": "x"}
		first := check(t, p, urn, nil, in)
		name := first["replicationGroupId"].StringValue()
		require.LessOrEqual(rt, len(name), 40)
		require.Equal(rt, name, check(t, p, urn, first, in)["replicationGroupId"].StringValue(), "kept from the recorded inputs")
		require.Equal(rt, name, check(t, New("6.83.0").(*standIn), urn, nil, in)["replicationGroupId"].StringValue(), "same again after a lost answer")
		p.remember(p.rows[string(urn.Type())], string(urn), name, unwrap(first))
		require.NotEqual(rt, name, check(t, p, urn, nil, in)["replicationGroupId"].StringValue(), "another one for the replacement")
	})
}

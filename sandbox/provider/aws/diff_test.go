package aws

import (
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	old := resource.NewPropertyMapFromMap(map[string]any{
		"identifier": "db", "instanceClass": "a", "engine": "postgres", "password": "p", "tags": map[string]any{"a": "b"}, "vpcSecurityGroupIds": []any{"sg-1"},
	})
	with := func(key string, v resource.PropertyValue) resource.PropertyMap {
		out := old.Copy()
		out[resource.PropertyKey(key)] = v
		return out
	}
	for name, c := range map[string]struct {
		news resource.PropertyMap
		want map[string]plugin.DiffKind
		dbr  bool
	}{
		"same":                 {news: old},
		"secret by now":        {news: with("password", resource.MakeSecret(resource.NewStringProperty("p")))},
		"in place":             {news: with("instanceClass", resource.NewStringProperty("b")), want: map[string]plugin.DiffKind{"instanceClass": plugin.DiffUpdate}},
		"unknown":              {news: with("instanceClass", unknown), want: map[string]plugin.DiffKind{"instanceClass": plugin.DiffUpdate}},
		"replaced, name given": {news: with("engine", resource.NewStringProperty("mysql")), want: map[string]plugin.DiffKind{"engine": plugin.DiffUpdateReplace}, dbr: true},
		"replaced by name":     {news: with("identifier", resource.NewStringProperty("other")), want: map[string]plugin.DiffKind{"identifier": plugin.DiffUpdateReplace}},
		"in a map":             {news: with("tags", resource.NewObjectProperty(resource.PropertyMap{"a": resource.NewStringProperty("c")})), want: map[string]plugin.DiffKind{"tags.a": plugin.DiffUpdate}},
		"in a list":            {news: with("vpcSecurityGroupIds", resource.NewArrayProperty([]resource.PropertyValue{resource.NewStringProperty("sg-1"), resource.NewStringProperty("sg-2")})), want: map[string]plugin.DiffKind{"vpcSecurityGroupIds[1]": plugin.DiffAdd}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := New("6.83.0").Diff(t.Context(), plugin.DiffRequest{URN: urnOf("aws:rds/instance:Instance", "portal"), ID: "db", OldInputs: old, NewInputs: c.news})
			require.NoError(t, err)
			require.Equal(t, c.want != nil, out.Changes == plugin.DiffSome)
			require.Equal(t, c.dbr, out.DeleteBeforeReplace)
			got := map[string]plugin.DiffKind{}
			for path, d := range out.DetailedDiff {
				got[path] = d.Kind
			}
			if c.want != nil {
				require.Equal(t, c.want, got)
			}
		})
	}
}

// TestPreviewCallsNothing previews with a stand-in that has no endpoint at all.
func TestPreviewCallsNothing(t *testing.T) {
	p := New("6.83.0").(*standIn)
	urn := urnOf("aws:ec2/vpc:Vpc", "vpc")
	in := check(t, p, urn, nil, props{"cidrBlock": "10.0.0.0/16"})
	out, err := p.Create(t.Context(), plugin.CreateRequest{URN: urn, Properties: in, Preview: true})
	require.NoError(t, err)
	require.Empty(t, out.ID)
	require.True(t, out.Properties["arn"].IsComputed())
	require.Equal(t, "10.0.0.0/16", out.Properties["cidrBlock"].StringValue())
	changed, err := p.Update(t.Context(), plugin.UpdateRequest{URN: urn, ID: "vpc-1", Preview: true, OldInputs: in, OldOutputs: resource.NewPropertyMapFromMap(map[string]any{"cidrBlock": "10.0.0.0/16", "arn": "a"}), NewInputs: in})
	require.NoError(t, err)
	require.Equal(t, "a", changed.Properties["arn"].StringValue())
}

// TestSettle states what counts as drift.
func TestSettle(t *testing.T) {
	row := table()["aws:rds/instance:Instance"]
	cluster := table()["aws:eks/cluster:Cluster"]
	for name, c := range map[string]struct {
		row            *Resource
		in, live, want props // want nil: no drift
	}{
		"order of a set":        {row, props{"vpcSecurityGroupIds": []any{"a", "b"}}, props{"vpcSecurityGroupIds": []any{"b", "a"}}, nil},
		"defaults of AWS":       {row, props{"engine": "postgres"}, props{"engine": "postgres", "licenseModel": "x"}, nil},
		"default inside":        {cluster, props{"vpcConfig": props{"subnetIds": []any{"s"}}}, props{"vpcConfig": props{"subnetIds": []any{"s"}, "vpcId": "v"}}, nil},
		"false and absent":      {row, props{"multiAz": false}, props{"multiAz": nil}, nil},
		"AWS does not tell":     {row, props{"skipFinalSnapshot": true}, props{}, nil},
		"changed":               {row, props{"multiAz": true}, props{"multiAz": false}, props{"multiAz": false}},
		"gone":                  {row, props{"kmsKeyId": "k"}, props{"kmsKeyId": nil}, props{}},
		"element gone":          {row, props{"vpcSecurityGroupIds": []any{"a", "b"}}, props{"vpcSecurityGroupIds": []any{"b"}}, props{"vpcSecurityGroupIds": []any{"b"}}},
		"element more":          {row, props{"vpcSecurityGroupIds": []any{"a"}}, props{"vpcSecurityGroupIds": []any{"x", "a"}}, props{"vpcSecurityGroupIds": []any{"a", "x"}}},
		"changed inside":        {cluster, props{"vpcConfig": props{"endpointPublicAccess": false}}, props{"vpcConfig": props{"endpointPublicAccess": true}}, props{"vpcConfig": props{"endpointPublicAccess": true}}},
		"tag more":              {row, props{"tags": props{"a": "b"}}, props{"tags": props{"a": "b", "c": "d"}}, props{"tags": props{"a": "b", "c": "d"}}},
		"tags of others":        {row, props{"tags": props{"a": "b"}}, props{"tags": props{"a": "b", marker: "1", "aws:x": "y"}}, nil},
		"tag gone":              {row, props{"tags": props{"a": "b"}}, props{"tags": props{}}, props{"tags": props{}}},
		"the emulator's defect": {row, props{"engineVersion": "16.4"}, props{"engineVersion": "16.1"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := record(c.row, c.in, c.live)
			want := c.want
			if want == nil {
				want = c.in
			}
			require.Equal(t, want, got)
		})
	}
}

// TestSettleIsStable holds that reading back what was sent is never drift, whatever it is.
func TestSettleIsStable(t *testing.T) {
	value := rapid.Custom(func(rt *rapid.T) any {
		switch rapid.IntRange(0, 4).Draw(rt, "kind") {
		case 0:
			return rapid.String().Draw(rt, "s")
		case 1:
			return float64(rapid.Int32().Draw(rt, "n"))
		case 2:
			return rapid.Bool().Draw(rt, "b")
		case 3:
			list := []any{}
			for _, s := range rapid.SliceOf(rapid.String()).Draw(rt, "list") {
				list = append(list, s)
			}
			return list
		default:
			m := props{}
			for k, s := range rapid.MapOf(rapid.String(), rapid.String()).Draw(rt, "map") {
				m[k] = s
			}
			return m
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		v := value.Draw(rt, "v")
		in, out := settle(reflect.TypeFor[any](), v, v)
		require.Equal(rt, v, in)
		require.Equal(rt, v, out)
	})
}

func TestLostElementsLeaveAShorterList(t *testing.T) {
	in, out := settle(reflect.TypeFor[[]string](), []any{"a", "b", "c"}, []any{"c", "a"})
	require.Equal(t, []any{"a", "c"}, in)
	require.Equal(t, []any{"a", "c"}, out)
}

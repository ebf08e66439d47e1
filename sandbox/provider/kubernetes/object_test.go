package kubernetes

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"pgregory.net/rapid"
)

var configMap = schema.GroupVersionKind{Version: "v1", Kind: "ConfigMap"}

// anyValue draws JSON values, some of them secret.
func anyValue(depth int) *rapid.Generator[resource.PropertyValue] {
	return rapid.Custom(func(t *rapid.T) resource.PropertyValue {
		kinds := 3
		if depth > 0 {
			kinds = 5
		}
		var v resource.PropertyValue
		switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
		case 0:
			v = resource.NewProperty(rapid.String().Draw(t, "string"))
		case 1:
			v = resource.NewProperty(float64(rapid.IntRange(-1000, 1000).Draw(t, "number")))
		case 2:
			v = resource.NewProperty(rapid.Bool().Draw(t, "bool"))
		case 3:
			v = resource.NewProperty(rapid.SliceOfN(anyValue(depth-1), 0, 3).Draw(t, "list"))
		case 4:
			v = resource.NewProperty(resource.PropertyMap(rapid.MapOfN(rapid.Custom(func(t *rapid.T) resource.PropertyKey {
				return resource.PropertyKey(rapid.StringMatching(`[a-z]{1,4}`).Draw(t, "key"))
			}), anyValue(depth-1), 0, 3).Draw(t, "object")))
		}
		if rapid.IntRange(0, 4).Draw(t, "secret") == 0 {
			v = resource.MakeSecret(v)
		}
		return v
	})
}

// TestObjectRoundTrip: what is sent and comes back is what the program said,
// and as secret as it was.
func TestObjectRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inputs := resource.PropertyMap{
			"apiVersion": resource.NewProperty("v1"), "kind": resource.NewProperty("ConfigMap"),
			"spec": anyValue(3).Draw(t, "spec"),
		}
		object, known := toObject(configMap, inputs)
		require.True(t, known)
		state := toState(object, inputs, "")
		require.True(t, revealAll(inputs).DeepEquals(revealAll(state)), "%v\n%v", inputs, state)
		require.Equal(t, countSecrets(resource.NewProperty(inputs)), countSecrets(resource.NewProperty(state)))
	})
}

func countSecrets(v resource.PropertyValue) (n int) {
	switch {
	case v.IsSecret():
		return 1 + countSecrets(reveal(v))
	case v.IsObject():
		for _, below := range v.ObjectValue() {
			n += countSecrets(below)
		}
	case v.IsArray():
		for _, below := range v.ArrayValue() {
			n += countSecrets(below)
		}
	}
	return n
}

// TestNoDriftWithoutChange: whatever the server writes into an object beside
// our own words, an object that is as intended has not drifted.
func TestNoDriftWithoutChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inputs := resource.PropertyMap{"spec": anyValue(3).Draw(t, "inputs")}
		server, _ := toObject(configMap, resource.PropertyMap{"spec": anyValue(3).Draw(t, "server")})
		require.Equal(t, inputs, drifted(inputs, server, server))
	})
}

func TestWhatIsNotKnownIsLeftOut(t *testing.T) {
	object, known := toObject(configMap, props(map[string]any{
		"data": map[string]any{"a": "1", "b": resource.Computed{Element: resource.NewProperty("")}, "c": nil},
	}))
	require.False(t, known)
	data, _, err := unstructured.NestedStringMap(object.Object, "data")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "1"}, data)
}

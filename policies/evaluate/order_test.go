package evaluate_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/policies/evaluate"
	"gatehouse/policies/input"
	"gatehouse/report"
)

// A set is found in the order of a result, and all of it: what is found of each
// resource, also of two of one name.
func TestSetIsOrdered(t *testing.T) {
	p := rules(t, map[string]string{
		"locked": locked,
		"listed": "reads: [list]\ndeny contains {\"path\": [\"list\", i], \"message\": \"an element\"} if some i, _ in input.properties.list\n",
	})
	rapid.Check(t, func(t *rapid.T) {
		var all []input.Resource
		for range rapid.IntRange(0, 30).Draw(t, "resources") {
			r := thing(resource.PropertyMap{})
			r.URN += fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "name"))
			for name, v := range map[resource.PropertyKey]resource.PropertyValue{
				"lock": resource.NewObjectProperty(resource.PropertyMap{"key": text("k")}),
				"note": rapid.SampledFrom([]resource.PropertyValue{text("bad"), text("good"), unknown}).Draw(t, "note"),
				"list": resource.NewArrayProperty(slices.Repeat([]resource.PropertyValue{text("e")}, rapid.IntRange(0, 3).Draw(t, "elements"))),
			} {
				if rapid.Bool().Draw(t, "given") {
					r.Properties[name] = v
				}
			}
			all = append(all, r)
		}
		settings, err := p.Resolve()
		require.NoError(t, err)
		result, err := evaluate.New(p, settings, evaluate.Options{}).Set(t.Context(), input.Set{Resources: all})
		require.NoError(t, err)
		var want []report.Finding
		for _, r := range all { // by evaluators that remember nothing
			want = append(want, evaluate.New(p, settings, evaluate.Options{}).Judge(t.Context(), r)...)
		}
		slices.SortStableFunc(want, report.Compare)
		require.Equal(t, len(want), len(result.Findings))
		for i := range want {
			require.Equal(t, want[i], result.Findings[i])
		}
	})
}

// A remedy that fails takes nothing from what is denied, and one that is there is
// told, whatever the resource before it was.
func TestDenialsWithRemedies(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{
		"locked": locked,
		"failed": "reads: [size]\ndeny contains {\"path\": [\"size\"], \"message\": \"no size\"} if not input.properties.size\n" +
			"remedy contains {\"path\": [\"size\"], \"value\": to_number(\"large\")}\n",
	}))
	for _, note := range []string{"bad", "good", "better"} {
		given := resource.PropertyMap{"note": text(note), "lock": resource.NewObjectProperty(resource.PropertyMap{"colour": text("red")})}
		diffs := map[string]string{}
		for _, f := range e.Judge(t.Context(), thing(given)) {
			require.Equal(t, report.Deny, f.Verdict, f.Message)
			diffs[f.Rule] = f.Diff
		}
		require.Equal(t, map[string]string{"test-locked": "+ lock.key: \"new\"\n", "test-failed": ""}, diffs)
		require.Equal(t, resource.PropertyMap{"colour": text("red")}, given["lock"].ObjectValue(), "what is judged is left alone")
	}
}

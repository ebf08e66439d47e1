package evaluate_test

import (
	"testing"
	"testing/fstest"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"gatehouse/policies/pack"
)

// What a rule has said of one resource it says of others in their own names, and
// it compares these.
func TestNames(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{
		"alike": `names: [one, other]
deny contains {"path": ["one"], "message": sprintf("%s is not %s", [input.properties.one, input.properties.other])} if {
	input.properties.one != input.properties.other
}
`,
		"tagged": `images: [image]
deny contains {"path": ["image"], "message": sprintf("%s has no tag", [input.properties.image])} if not contains(input.properties.image, ":")
`,
	}))
	judge := func(properties resource.PropertyMap) []string {
		var said []string
		for _, f := range e.Judge(t.Context(), thing(properties)) {
			said = append(said, string(f.Verdict)+" "+f.Path+" "+f.Message)
		}
		return said
	}
	for range 2 { // what is remembered, too
		require.Empty(t, judge(resource.PropertyMap{"one": text("a"), "other": text("a"), "image": text("x:1")}))
		require.Empty(t, judge(resource.PropertyMap{"one": text("b"), "other": text("b"), "image": text("y:1")}))
		require.Equal(t, []string{"deny one a is not b", "deny image x has no tag"},
			judge(resource.PropertyMap{"one": text("a"), "other": text("b"), "image": text("x")}))
		require.Equal(t, []string{"deny one c is not d", "deny image r.io/y has no tag"},
			judge(resource.PropertyMap{"one": text("c"), "other": text("d"), "image": text("r.io/y")}))
		require.Equal(t, []string{"deny one [secret] is not plain", "deny image i has no tag"},
			judge(resource.PropertyMap{"one": resource.MakeSecret(text("hunter22")), "other": text("plain"), "image": text("i")}))
		require.Equal(t, []string{"deny image i has no tag", "undecided other other is not known before up"},
			judge(resource.PropertyMap{"one": text("a"), "other": resource.MakeComputed(text("")), "image": text("i")}))
	}
}

// Rego quotes what it writes of a list, or of a value that it cannot read; there
// too stands the name, and no secret.
func TestNamesQuoted(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{
		"listed": "names: [name]\ndeny contains {\"path\": [\"name\"], \"message\": sprintf(\"%v\", [[input.properties.name]])} if true\n",
		"parsed": "names: [name]\ndeny contains {\"path\": [\"name\"], \"message\": \"no\"} if to_number(input.properties.name) > 1\n",
	}))
	for quoted, name := range map[string]resource.PropertyValue{`"a"`: text("a"), `"[secret]"`: resource.MakeSecret(text("hunter22"))} {
		found := e.Judge(t.Context(), thing(resource.PropertyMap{"name": name}))
		require.Len(t, found, 2)
		for _, f := range found {
			require.Contains(t, f.Message, quoted)
		}
	}
}

// While its parameter has something in it, a rule looks into the names.
func TestNamesUnless(t *testing.T) {
	p, err := pack.Load(fstest.MapFS{"test/allowed.rego": {Data: []byte(metadata + `#   names: [owner]
#   unless: owners
#   parameters:
#     owners: {type: array, items: {type: string}, default: [], description: "who may own it"}
package gatehouse.test.allowed

deny contains {"path": ["owner"], "message": "somebody else's"} if {
	count(data.parameters["test-allowed"].owners) > 0
	not input.properties.owner in data.parameters["test-allowed"].owners
}
`)}})
	require.NoError(t, err)
	mine, other := thing(resource.PropertyMap{"owner": text("me")}), thing(resource.PropertyMap{"owner": text("you")})
	all := evaluator(t, p)
	require.Empty(t, all.Judge(t.Context(), mine))
	require.Empty(t, all.Judge(t.Context(), other))
	one := evaluator(t, p, pack.Settings{"test-allowed": {Parameters: map[string]any{"owners": []any{"me"}}}})
	require.Empty(t, one.Judge(t.Context(), mine))
	require.Len(t, one.Judge(t.Context(), other), 1)
}

// A rule that makes more than messages of what it calls a name fails: what it
// would set is one resource's, and would be remembered for others.
func TestNamesMisused(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{
		"path": "names: [name]\ndeny contains {\"path\": [input.properties.name], \"message\": \"no\"} if true\n",
		"value": `names: [name]
deny contains {"path": ["label"], "message": "no label"} if not input.properties.label

remedy contains {"path": ["label"], "value": input.properties.name}
`,
	}))
	r := thing(resource.PropertyMap{"name": text("a")})
	found := e.Judge(t.Context(), r)
	require.Len(t, found, 2)
	for _, f := range found {
		require.Contains(t, f.Message, "what its METADATA calls a name")
	}
	require.Empty(t, e.Remedies(t.Context(), r, true))
}

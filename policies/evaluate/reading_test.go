package evaluate

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

// look reads a document by paths: what Rego sees of it, and the hash of each.
func look(t *testing.T, document map[string]any, paths ...string) (string, hashes) {
	t.Helper()
	var parsed []resource.PropertyPath
	var ids []int
	for i, text := range paths {
		path, err := resource.ParsePropertyPath(text)
		require.NoError(t, err)
		parsed, ids = append(parsed, path), append(ids, i)
	}
	d := newDocument(resource.NewPropertyMapFromMap(document))
	reading := newReading(parsed, ids, 0)
	h := make(hashes, len(paths))
	h.walk(reading, resource.NewObjectProperty(d.properties), &names{}, 0)
	return ast.NewTerm(d.seen(reading, nil)).String(), h
}

type fields = map[string]any

var example = fields{
	"name":  "x",
	"list":  []any{fields{"a": 1, "b": 2}, fields{"b": 3}},
	"map":   fields{"one": fields{"a": 1}, "two": "text"},
	"empty": []any{},
}

// Rego sees what is read, with all containers on the way, and nothing else.
func TestSeen(t *testing.T) {
	for path, want := range map[string]string{
		"name":      `{"name": "x"}`,
		"name.more": `{"name": "x"}`,
		"list[*].a": `{"list": [{"a": 1}, {}]}`,
		"list[1].b": `{"list": [null, {"b": 3}]}`,
		"list.a":    `{"list": []}`,
		"map.*.a":   `{"map": {"one": {"a": 1}, "two": "text"}}`,
		"map.one":   `{"map": {"one": {"a": 1}}}`,
		"empty[*]":  `{"empty": []}`,
		"missing.a": `{}`,
	} {
		seen, _ := look(t, example, path)
		require.Equal(t, want, seen, path)
	}
	seen, _ := look(t, example, "map.*", "map.one.a", "list[*].a", "list[0].b")
	require.Equal(t, `{"list": [{"a": 1, "b": 2}, {}], "map": {"one": {"a": 1}, "two": "text"}}`, seen)
}

// Two documents have one hash of a path exactly if they agree in what it leads
// to.
func TestHashes(t *testing.T) {
	paths := []string{"list[*].a", "list[1]", "map.*.a", "map.one.a", "name", "list"}
	_, whole := look(t, example, paths...)
	for name, c := range map[string]struct {
		change  fields
		differs []int
	}{
		"what is not read":        {fields{"colour": "red"}, nil},
		"a value":                 {fields{"name": "y"}, []int{4}},
		"a missing value":         {fields{"name": nil}, []int{4}},
		"one that was missing":    {fields{"list": []any{fields{"a": 1, "b": 2}, fields{"b": 3, "a": 4}}}, []int{0, 1, 5}},
		"another element's value": {fields{"list": []any{fields{"a": 1, "b": 9}, fields{"b": 3}}}, []int{5}},
		"one element more":        {fields{"list": []any{fields{"a": 1, "b": 2}, fields{"b": 3}, fields{}}}, []int{0, 5}},
		"no elements":             {fields{"list": []any{}}, []int{0, 1, 5}},
		"another kind":            {fields{"list": "text"}, []int{0, 1, 5}},
		"another key":             {fields{"map": fields{"1": fields{"a": 1}, "two": "text"}}, []int{2, 3}},
		"a key more":              {fields{"map": fields{"one": fields{"a": 1}, "two": "text", "z": fields{}}}, []int{2}},
		"what ends early":         {fields{"map": fields{"one": fields{"a": 1}, "two": "other"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			changed := fields{}
			for key, value := range example {
				changed[key] = value
			}
			for key, value := range c.change {
				changed[key] = value
			}
			_, h := look(t, changed, paths...)
			var differs []int
			for i := range paths {
				if h[i] != whole[i] {
					differs = append(differs, i)
				}
			}
			require.Equal(t, c.differs, differs)
		})
	}
}

// Where a path ends early, a rule still sees at what.
func TestHashesTellApart(t *testing.T) {
	for path, documents := range map[string][]fields{
		"a.b.c":  {{}, {"a": fields{}}, {"a": fields{"b": fields{}}}, {"a": nil}, {"a": fields{"b": nil}}, {"a": "text"}, {"a": []any{}}, {"a": 1}, {"a": true}},
		"a[*].b": {{}, {"a": []any{}}, {"a": fields{}}, {"a": []any{fields{}}}, {"a": []any{[]any{}}}, {"a": []any{fields{}, fields{}}}},
		"a[1]":   {{}, {"a": []any{}}, {"a": []any{0, 1}}, {"a": fields{}}},
	} {
		seen := map[uint64]fields{}
		for _, document := range documents {
			_, h := look(t, document, path)
			require.NotContains(t, seen, h[0], "%s: %v", path, document)
			seen[h[0]] = document
		}
	}
}

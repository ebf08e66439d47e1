package config_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
	jsonyaml "sigs.k8s.io/yaml"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// The published schema and the strict reading take the same documents: valid
// ones with a few random changes, most of them mistakes.
func TestSchemaAgreesWithReading(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)

	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		text := mutated(t)
		encoded, err := jsonyaml.YAMLToJSON(text)
		require.NoError(t, err)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
		require.NoError(t, err)

		bySchema, byReading := schema.Validate(value), config.Unreadable(text)
		if bySchema != nil {
			refused++
		}
		require.Equal(t, bySchema != nil, len(byReading) > 0,
			"schema: %v\nreading: %v\n%s", bySchema, byReading, text)
	})
	require.NotZero(t, refused, "the changes must make mistakes")
}

// mutated is a valid stack file with up to three random changes.
func mutated(t *rapid.T) []byte {
	written, err := config.Document{Config: configtest.Valid(t)}.YAML()
	require.NoError(t, err)
	var tree map[string]any
	require.NoError(t, yaml.Unmarshal(written, &tree))
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		mutate(t, tree)
	}
	text, err := yaml.Marshal(tree)
	require.NoError(t, err)
	return text
}

// mutate walks down a random way and changes the tree where it stops.
func mutate(t *rapid.T, tree map[string]any) {
	keys := slices.Sorted(maps.Keys(tree))
	if len(keys) == 0 || rapid.IntRange(0, 9).Draw(t, "add") == 0 {
		tree[rapid.SampledFrom([]string{"zzz", "replicas", "aws:region", "gatehouse:edge", "secure"}).Draw(t, "new key")] = anyValue(t)
		return
	}
	key := rapid.SampledFrom(keys).Draw(t, "key")
	inner, isMapping := tree[key].(map[string]any)
	if isMapping && rapid.IntRange(0, 7).Draw(t, "down") > 0 {
		mutate(t, inner)
		return
	}
	if rapid.Bool().Draw(t, "delete") {
		delete(tree, key)
		return
	}
	tree[key] = anyValue(t)
}

func anyValue(t *rapid.T) any {
	return rapid.SampledFrom([]any{
		nil, "", "text", "3", "true", "staging", "16.9", "10.0.0.0/16", 0, 1, 7, 30, 365, -1, 1 << 40, 1.5, true, false,
		[]any{},
		[]any{"NL"},
		[]any{1, 2},
		[]any{nil},
		map[string]any{},
		map[string]any{"secure": "v1:abc"},
		map[string]any{"min": 1},
	}).Draw(t, "value")
}

package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/renameio/v2"
	validator6 "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write schema.json")

func TestSchemaIsCurrent(t *testing.T) {
	generator, err := newSchemaGenerator()
	require.NoError(t, err)
	encoded, err := json.MarshalIndent(generator.stackFile(), "", "  ")
	require.NoError(t, err)
	encoded = append(encoded, '\n')
	if *update {
		require.NoError(t, renameio.WriteFile("schema.json", encoded, 0o644))
		return
	}
	require.Equal(t, string(encoded), string(Schema()), "schema.json is old; run `go generate ./stacks/config`")
}

func jsonDecode(encoded []byte) (any, error) {
	return validator6.UnmarshalJSON(bytes.NewReader(encoded))
}

func compiledSchema(t *testing.T) *validator6.Schema {
	t.Helper()
	document, err := jsonDecode(Schema())
	require.NoError(t, err)
	compiler := validator6.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return compiled
}

func TestSchemaAcceptsCommittedStacks(t *testing.T) {
	schema := compiledSchema(t)
	for _, stack := range []string{"staging", "production"} {
		content, err := os.ReadFile("../../Pulumi." + stack + ".yaml")
		require.NoError(t, err)
		value, err := yamlValue(string(content))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(value), stack)
	}
}

// Package schematest is what the tests of published JSON share: the schema is that of
// the Go type, and the JSON keeps to it. What a document means is each package's test's.
package schematest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	generator "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
)

var update = flag.Bool("update", false, "write the files that are compared")

// texts are types that JSON has as text, or as anything.
var texts = map[reflect.Type]generator.Schema{
	reflect.TypeFor[trail.Hash]():        {Type: "string", Pattern: "^[0-9a-f]{64}$"},
	reflect.TypeFor[trail.Head]():        {Type: "string", Pattern: "^(0|[1-9][0-9]*):[0-9a-f]{64}$"},
	reflect.TypeFor[plugins.Integrity](): {Type: "string", Pattern: "^(sha512-[A-Za-z0-9+/]{86}==)?$"},
	reflect.TypeFor[json.RawMessage]():   {},
}

// Reflect is the schema of a value's type, with the comments of its package, which is
// the test's own: a folder of plugins.
func Reflect(t testing.TB, value any, title string) *generator.Schema {
	t.Helper()
	reflector := &generator.Reflector{Mapper: func(of reflect.Type) *generator.Schema {
		if schema, is := texts[of]; is {
			return &schema
		}
		return nil
	}}
	require.NoError(t, reflector.AddGoComments(reflect.TypeOf(value).PkgPath(), "../", generator.WithFullComment()))
	schema := reflector.Reflect(value)
	schema.ID, schema.Title = "", title
	return schema
}

// Enum lets a property have only these values.
func Enum[T ~string](schema *generator.Schema, name string, values ...T) {
	property, _ := schema.Properties.Get(name)
	for _, value := range values {
		property.Enum = append(property.Enum, value)
	}
}

// CurrentSchema compares a file with a schema as [Current] does.
func CurrentSchema(t testing.TB, name string, schema *generator.Schema) {
	t.Helper()
	encoded, err := json.MarshalIndent(schema, "", "  ")
	require.NoError(t, err)
	Current(t, name, append(encoded, '\n'))
}

// Current compares a file with what it should be, or writes it with -update.
func Current(t testing.TB, name string, want []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, want, 0o644))
		return
	}
	have, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have), "%s is old; run `go generate` in its package", name)
}

// Valid is whether a text keeps to a schema.
type Valid func(text string) error

// Compile reads a schema.
func Compile(t testing.TB, schema []byte) Valid {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", document))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return func(text string) error {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		return compiled.Validate(instance)
	}
}

// Refuses wants each of these changes to make a text wrong that is right.
func (v Valid) Refuses(t testing.TB, text string, changes map[string]string) {
	t.Helper()
	require.NoError(t, v(text))
	for before, after := range changes {
		require.Contains(t, text, before)
		require.Error(t, v(strings.Replace(text, before, after, 1)), after)
	}
}

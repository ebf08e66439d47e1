package status_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	generator "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
)

var update = flag.Bool("update", false, "write the schema and the example")

// texts are types that JSON has as text.
var texts = map[reflect.Type]*generator.Schema{
	reflect.TypeFor[trail.Head]():        {Type: "string", Pattern: "^(0|[1-9][0-9]*):[0-9a-f]{64}$"},
	reflect.TypeFor[plugins.Integrity](): {Type: "string", Pattern: "^(sha512-[A-Za-z0-9+/]{86}==)?$"},
	reflect.TypeFor[json.RawMessage]():   {},
}

func TestSchemaIsCurrent(t *testing.T) {
	reflector := &generator.Reflector{Mapper: func(of reflect.Type) *generator.Schema {
		if schema := texts[of]; schema != nil {
			clone := *schema
			return &clone
		}
		return nil
	}}
	require.NoError(t, reflector.AddGoComments("gatehouse/plugins/status", "../", generator.WithFullComment()))
	schema := reflector.Reflect(status.Status{})
	schema.ID, schema.Title = "", "The status of the portal's plugins"
	enum(schema.Definitions["Status"], "phase", append([]status.Phase{""}, status.Phases...))
	enum(schema.Definitions["Plugin"], "state", status.States)
	enum(schema.Definitions["Plugin"], "strategy", plugins.Strategies)
	encoded, err := json.MarshalIndent(schema, "", "  ")
	require.NoError(t, err)
	current(t, "status.schema.json", append(encoded, '\n'))
}

func enum[T ~string](schema *generator.Schema, name string, values []T) {
	property, _ := schema.Properties.Get(name)
	for _, value := range values {
		property.Enum = append(property.Enum, value)
	}
}

// current compares a file with what it should be, or writes it.
func current(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, want, 0o644))
		return
	}
	have, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have), "%s is old; run `go generate ./plugins/status`", name)
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(status.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	valid := func(text string) error {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		return schema.Validate(instance)
	}
	shown := func(s status.Status) string {
		var out strings.Builder
		require.NoError(t, status.JSON(&out, s))
		return out.String()
	}
	require.NoError(t, valid(shown(status.Status{})))
	text := shown(example())
	require.NoError(t, valid(text))
	for before, after := range map[string]string{
		`"phase": "rolled-back"`: `"phase": "good"`, `"state": "loaded"`: `"state": "there"`, `"generation"`: `"current"`,
		`"trailHead": "42:`: `"trailHead": "`, `"strategy": "dynamic"`: `"strategy": "static"`,
	} {
		require.Contains(t, text, before)
		require.Error(t, valid(strings.Replace(text, before, after, 1)), after)
	}
	var kept status.Status
	require.NoError(t, json.Unmarshal([]byte(text), &kept))
	require.Equal(t, text, shown(kept))
}

func TestText(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, status.Text(&out, example(), 80))
	out.WriteString("\n")
	require.NoError(t, status.Text(&out, status.Status{}, 80))
	current(t, "testdata/status.txt", out.Bytes())
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 81, line)
		require.NotRegexp(t, ` \n$`, line)
	}
	for _, width := range []int{1, 20, 200} {
		require.NoError(t, status.Text(&out, example(), width))
	}
}

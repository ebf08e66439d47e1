package render_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	generator "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/render"
)

var update = flag.Bool("update", false, "write policy.schema.json and the examples")

func TestSchemaIsCurrent(t *testing.T) {
	reflector := &generator.Reflector{AllowAdditionalProperties: true}
	require.NoError(t, reflector.AddGoComments("gatehouse/report/render", "../", generator.WithFullComment()))
	schema := reflector.Reflect(report.Result{})
	schema.ID, schema.Title = "", "Result of gatehouse policy check"
	enum(schema.Definitions["Result"], "failOn", report.Severities...)
	finding := schema.Definitions["Finding"]
	enum(finding, "verdict", report.Deny, report.Undecided, report.Error)
	enum(finding, "severity", report.Severities...)
	enum(finding, "level", report.Advisory, report.Mandatory, report.Remediate, report.Disabled)
	location, _ := finding.Properties.Get("location")
	finding.Properties.Set("location", &generator.Schema{AnyOf: []*generator.Schema{{Ref: location.Ref}, {Type: "null"}}, Description: location.Description})
	encoded, err := json.MarshalIndent(schema, "", "  ")
	require.NoError(t, err)
	encoded = append(encoded, '\n')
	if *update {
		require.NoError(t, os.WriteFile("policy.schema.json", encoded, 0o644))
		return
	}
	require.Equal(t, string(encoded), string(render.PolicySchema()), "policy.schema.json is old; run `go generate ./report/render`")
}

// enum says which values a property of a named text type has.
func enum[T ~string](schema *generator.Schema, name string, values ...T) {
	property, _ := schema.Properties.Get(name)
	for _, value := range values {
		property.Enum = append(property.Enum, value)
	}
}

// compiled is a schema that checks formats such as uri too.
func compiled(t *testing.T, content []byte) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return schema
}

package render_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	generator "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render"
)

// defined names the types of the schema: two packages have a Framework and a
// Summary.
func defined(of reflect.Type) string {
	switch of {
	case reflect.TypeFor[report.Framework]():
		return "Requirement"
	case reflect.TypeFor[report.Summary]():
		return "PolicySummary"
	default:
		return of.Name()
	}
}

// nullable makes the properties of pointers, which are null when there is
// nothing, say so.
func nullable(schema *generator.Schema, of reflect.Type) {
	for _, field := range reflect.VisibleFields(of) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type.Kind() != reflect.Pointer || strings.Contains(options, "omitempty") {
			continue
		}
		property, _ := schema.Properties.Get(name)
		value := *property
		value.Description = ""
		schema.Properties.Set(name, &generator.Schema{AnyOf: []*generator.Schema{&value, {Type: "null"}}, Description: property.Description})
	}
}

// reachable are the structs that a run is made of, by their names in the schema.
func reachable(of reflect.Type, into map[string]reflect.Type) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		reachable(of.Elem(), into)
	case reflect.Struct:
		if of == reflect.TypeFor[time.Time]() || into[defined(of)] == of {
			return
		}
		into[defined(of)] = of
		for _, field := range reflect.VisibleFields(of) {
			if !field.Anonymous && field.Tag.Get("json") != "-" {
				reachable(field.Type, into)
			}
		}
	}
}

func TestReadinessSchemaIsCurrent(t *testing.T) {
	reflector := &generator.Reflector{Namer: defined}
	require.NoError(t, reflector.AddGoComments("gatehouse/report/render", "../", generator.WithFullComment()))
	schema := reflector.Reflect(readiness.Run{})
	schema.ID, schema.Title = "", "Result of gatehouse check"
	of := map[string]reflect.Type{}
	reachable(reflect.TypeFor[readiness.Run](), of)
	for name, definition := range schema.Definitions {
		nullable(definition, of[name])
		for property, values := range map[string][]string{
			"severity": words(report.Severities), "failOn": words(report.Severities), "direction": words(readiness.Directions),
			"phase": {string(readiness.PreDeploy), string(readiness.PostDeploy), string(readiness.Periodic)},
			"level": {string(report.Advisory), string(report.Mandatory), string(report.Remediate), string(report.Disabled)},
		} {
			if _, has := definition.Properties.Get(property); has {
				enum(definition, property, values...)
			}
		}
	}
	for _, name := range []string{"Item", "Judgement", "Layer", "Past"} {
		enum(schema.Definitions[name], "verdict", readiness.Verdicts...)
	}
	enum(schema.Definitions["Finding"], "verdict", report.Deny, report.Undecided, report.Error)
	enum(schema.Definitions["Control"], "status", readiness.ControlStatuses...)
	enum(schema.Definitions["Overlay"], "kind", readiness.Waived, readiness.Attested)
	enum(schema.Definitions["Expiring"], "kind", readiness.Waived, readiness.Attested)
	enum(schema.Definitions["Step"], "kind", readiness.Fix, readiness.Read, readiness.State, readiness.Renew)
	enum(schema.Definitions["Run"], "format", readiness.Format)
	encoded, err := json.MarshalIndent(schema, "", "  ")
	require.NoError(t, err)
	encoded = append(encoded, '\n')
	if *update {
		require.NoError(t, os.WriteFile("readiness.schema.json", encoded, 0o644))
		return
	}
	require.Equal(t, string(encoded), string(render.ReadinessSchema()), "readiness.schema.json is old; run `go generate ./report/render`")
}

func words[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// The schema has the keys that encoding/json writes, those that may be missing
// aside all of them required, and no others.
func TestReadinessSchemaHasTheKeysOfTheTypes(t *testing.T) {
	var schema struct {
		Defs map[string]struct {
			Properties           map[string]any
			Required             []string
			AdditionalProperties *bool
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(render.ReadinessSchema(), &schema))
	of := map[string]reflect.Type{}
	reachable(reflect.TypeFor[readiness.Run](), of)
	require.ElementsMatch(t, slices.Collect(maps.Keys(of)), slices.Collect(maps.Keys(schema.Defs)))
	for name, definition := range schema.Defs {
		var keys, required []string
		for _, field := range reflect.VisibleFields(of[name]) {
			key, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.Anonymous || key == "-" {
				continue
			}
			keys = append(keys, key)
			if options == "" {
				required = append(required, key)
			}
		}
		require.ElementsMatch(t, keys, slices.Collect(maps.Keys(definition.Properties)), name)
		require.ElementsMatch(t, required, definition.Required, name)
		require.NotNil(t, definition.AdditionalProperties, name)
		require.False(t, *definition.AdditionalProperties, name)
	}
}

func TestReadinessJSONKeepsToItsSchema(t *testing.T) {
	schema := compiled(t, render.ReadinessSchema())
	valid := func(text string) error {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		return schema.Validate(instance)
	}
	hostile := readinesstest.Map(readinesstest.Rich(), func(s string) string { return s + "<\x00" })
	empty := readiness.Run{}
	empty.Finish(report.High)
	for name, r := range map[string]readiness.Run{
		"rich": readinesstest.Rich(), "ready": readinesstest.Ready(), "bare": readinesstest.Bare(), "many": readinesstest.Many(100),
		"hostile": hostile, "empty": empty,
	} {
		require.NoError(t, valid(shown(t, "json", r, render.Options{})), name)
	}
	// JSON holds no invalid UTF-8; what was is a sign in its place.
	rich := readinesstest.Map(readinesstest.Rich(), func(s string) string { return strings.ToValidUTF8(s, "?") })
	text := shown(t, "json", rich, render.Options{})
	for before, after := range map[string]string{
		`"format": "gatehouse.readiness/1"`: `"format": "gatehouse.readiness/2"`,
		`"verdict": "FAIL"`:                 `"verdict": "fail"`,
		`"interrupted": false`:              `"interrupted": false, "extra": 1`,
		`"seconds": 3.851`:                  `"seconds": "3.851"`,
		`"identities": [`:                   `"identity": [`,
		`"direction": "worse"`:              `"direction": "up"`,
		`"headline":`:                       `"headlines":`,
	} {
		require.Contains(t, text, before)
		require.Error(t, valid(strings.Replace(text, before, after, 1)), after)
	}
	var back readiness.Run
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&back))
	require.True(t, text == shown(t, "json", back, render.Options{}), "something is lost on the way")
}

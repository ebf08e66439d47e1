package config

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
	"gopkg.in/yaml.v3"
)

// schemaGenerator turns the types, their tags and their doc comments into the
// published JSON Schema. It is test code, so that the program does without it.
type schemaGenerator struct{ comments map[string]string }

func newSchemaGenerator() (schemaGenerator, error) {
	reflector := new(jsonschema.Reflector)
	err := reflector.AddGoComments("gatehouse/stacks/config", "./", jsonschema.WithFullComment())
	return schemaGenerator{reflector.CommentMap}, err
}

// stackFile is the schema of Pulumi.STACK.yaml.
func (g schemaGenerator) stackFile() *jsonschema.Schema {
	sections := jsonschema.NewProperties()
	var required []string
	ours := []any{}
	for _, f := range fieldsOf(reflect.TypeFor[Config]()) {
		if f.name == sandboxSection {
			continue
		}
		sections.Set(namespace+f.name, g.field(reflect.TypeFor[Config](), f))
		ours = append(ours, namespace+f.name)
		if f.required() {
			required = append(required, namespace+f.name)
		}
	}
	keys := jsonschema.NewProperties()
	keys.Set("config", &jsonschema.Schema{
		Type: "object", Description: "The stack's configuration.", Properties: sections, Required: required,
		PropertyNames: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Enum: ours},
			{Pattern: ":", Not: &jsonschema.Schema{Pattern: "^" + namespace}},
		}},
	})
	for _, key := range stackFileKeys()[1:] {
		keys.Set(key, &jsonschema.Schema{Description: "Pulumi's own; see its documentation of stack files."})
	}
	return &jsonschema.Schema{
		Version: jsonschema.Version, Title: "Gatehouse stack file",
		Type: "object", Properties: keys, Required: []string{"config"}, AdditionalProperties: jsonschema.FalseSchema,
	}
}

func (g schemaGenerator) structure(t reflect.Type) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, f := range fieldsOf(t) {
		s.Properties.Set(f.name, g.field(t, f))
		if f.required() {
			s.Required = append(s.Required, f.name)
		}
	}
	return s
}

func (g schemaGenerator) field(owner reflect.Type, f field) *jsonschema.Schema {
	s := g.of(f.typ)
	key := owner.PkgPath() + "." + owner.Name() + "." + owner.Field(f.index).Name
	if comment := strings.Join(strings.Fields(g.comments[key]), " "); comment != "" {
		s.Description = comment
	}
	if f.hasFallback {
		if err := fallbackNode(f).Decode(&s.Default); err != nil {
			panic(err)
		}
		// A default of a struct's field overrides those of its own keys.
		if given, ok := s.Default.(map[string]any); ok && f.typ.Kind() == reflect.Struct {
			for name, value := range given {
				s.Properties.GetPair(name).Value.Default = value
			}
		}
	}
	if f.minimum != nil {
		s.Minimum = json.Number(strconv.Itoa(*f.minimum))
	}
	if f.maximum != nil {
		s.Maximum = json.Number(strconv.Itoa(*f.maximum))
	}
	for _, n := range f.allowed {
		s.Enum = append(s.Enum, n)
	}
	return s
}

func (g schemaGenerator) of(t reflect.Type) *jsonschema.Schema {
	if s, isScalar := reflect.New(t).Interface().(scalar); isScalar {
		return scalarSchema(s.form())
	}
	one := uint64(1)
	switch t.Kind() {
	case reflect.Interface:
		return &jsonschema.Schema{Description: "any value"}
	case reflect.Pointer:
		return g.of(t.Elem())
	case reflect.Slice:
		return &jsonschema.Schema{Type: "array", Items: g.of(t.Elem())}
	case reflect.Map:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: g.of(t.Elem())}
	case reflect.Int:
		return &jsonschema.Schema{Type: "integer"}
	case reflect.Float64:
		return &jsonschema.Schema{Type: "number"}
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.String:
		return &jsonschema.Schema{Type: "string", MinLength: &one}
	default:
		if t == secretType {
			return secretSchema()
		}
		return g.structure(t)
	}
}

func scalarSchema(f form) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string", Description: f.what, Examples: []any{strings.Trim(f.example, `"`)}}
	if f.choices == nil {
		s.Pattern = f.pattern.String()
		return s
	}
	s.Examples = nil
	for _, choice := range f.choices {
		s.Enum = append(s.Enum, choice)
	}
	return s
}

func secretSchema() *jsonschema.Schema {
	properties := jsonschema.NewProperties()
	properties.Set("secure", &jsonschema.Schema{Type: "string"})
	return &jsonschema.Schema{
		Type: "object", Properties: properties, Required: []string{"secure"}, AdditionalProperties: jsonschema.FalseSchema,
	}
}

// yamlValue parses YAML to what a JSON Schema validator takes.
func yamlValue(text string) (any, error) {
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return nil, err
	}
	// Through JSON, so that numbers and maps have the validator's types.
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return jsonDecode(encoded)
}

package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gatehouse/report"
)

// validate checks a value against the parameter's schema.
func (p Parameter) validate(value any) error {
	schema, err := p.compile()
	if err != nil {
		return err
	}
	plain, err := viaJSON(value)
	if err != nil {
		return err
	}
	err = schema.Validate(plain)
	if wrong := (*jsonschema.ValidationError)(nil); errors.As(err, &wrong) {
		return errors.New(lastLine(wrong.Error()))
	}
	return err
}

func (p Parameter) compile() (*jsonschema.Schema, error) {
	plain, err := viaJSON(map[string]any(p))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("parameter.json", plain); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	schema, err := compiler.Compile("parameter.json")
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return schema, nil
}

// viaJSON turns YAML's values into those that the schema library knows.
func viaJSON(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("read the value: %w", err)
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// lastLine is the one that says what is wrong; those before it say where.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimPrefix(strings.TrimSpace(lines[len(lines)-1]), "- ")
}

// suggest names the rule that was probably meant.
func (p *Pack) suggest(id string) string {
	best := report.Nearest(id, p.IDs())
	if best == "" {
		return "; `gatehouse policy list` names them all"
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

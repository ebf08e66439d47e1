package pack

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/report"
)

// ConfigFile is where a project sets levels and parameters, beside Pulumi.yaml.
const ConfigFile = "policy-config.yaml"

// Config is what a project says of rules: for every environment, and for each.
type Config struct {
	Default      Settings
	Environments map[string]Settings
}

// Layers are the settings for an environment, in the order of Resolve.
func (c Config) Layers(stack string) []Settings {
	return []Settings{c.Default, c.Environments[stack]}
}

// ParseConfig reads a policy-config.yaml strictly; every mistake has its place.
// That rules and parameters exist, and values are allowed, is checked against
// the pack for all environments at once.
func (p *Pack) ParseConfig(name string, content []byte) (Config, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return Config{}, fmt.Errorf("read %s: %w", name, err)
	}
	if document.IsZero() {
		return Config{}, nil
	}
	r := configReader{pack: p, name: name}
	c := Config{Environments: map[string]Settings{}}
	r.each(document.Content[0], func(key, value *yaml.Node) {
		switch key.Value {
		case "default":
			c.Default = r.settings(value)
		case "environments":
			r.each(value, func(stack, value *yaml.Node) { c.Environments[stack.Value] = r.settings(value) })
		case "rules": // read by OwnRules, before there was a pack
		default:
			r.problem(key, "unknown key %q; expected default, environments or rules", key.Value)
		}
	})
	if len(r.problems) > 0 {
		return Config{}, fmt.Errorf("read the policies' configuration:\n%s", strings.Join(r.problems, "\n"))
	}
	return c, nil
}

// OwnRules is the folder of rules that a policy-config.yaml names, relative to
// its own; "" for none.
func OwnRules(content []byte) (string, error) {
	var named struct {
		Rules string `yaml:"rules"`
	}
	if err := yaml.Unmarshal(content, &named); err != nil {
		return "", fmt.Errorf("read %s: %w", ConfigFile, err)
	}
	return named.Rules, nil
}

type configReader struct {
	pack     *Pack
	name     string
	problems []string
}

func (r *configReader) problem(at *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf("%s:%d: %s", r.name, at.Line, fmt.Sprintf(format, args...)))
}

// each calls do with every key of a map, once each.
func (r *configReader) each(node *yaml.Node, do func(key, value *yaml.Node)) {
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return
	}
	if node.Kind != yaml.MappingNode {
		r.problem(node, "expected a map")
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; seen[key.Value] {
			r.problem(key, "%q is given twice", key.Value)
		} else {
			seen[key.Value] = true
			do(key, node.Content[i+1])
		}
	}
}

func (r *configReader) settings(node *yaml.Node) Settings {
	settings := Settings{}
	r.each(node, func(id, value *yaml.Node) {
		s := Setting{Parameters: map[string]any{}}
		r.each(value, func(key, value *yaml.Node) {
			switch key.Value {
			case "level":
				s.Level = report.Level(value.Value)
			case "parameters":
				if err := value.Decode(&s.Parameters); err != nil {
					r.problem(value, "parameters: expected a map")
				}
			default:
				r.problem(key, "unknown key %q; expected level or parameters", key.Value)
			}
		})
		for _, wrong := range r.pack.check(id.Value, s) {
			r.problem(id, "%s", wrong)
		}
		settings[id.Value] = s
	})
	return settings
}

// ConfigSchema is the JSON Schema of policy-config.yaml for this pack.
func (p *Pack) ConfigSchema() map[string]any {
	rules := map[string]any{}
	for _, rule := range p.Rules {
		parameters := map[string]any{}
		for name, schema := range rule.Parameters {
			parameters[name] = schema
		}
		levels := slices.Clone(Levels)
		if !rule.Remedies {
			levels = slices.DeleteFunc(levels, func(l report.Level) bool { return l == report.Remediate })
		}
		rules[rule.ID] = map[string]any{
			"description": rule.Title + ". " + rule.Description, "type": "object", "additionalProperties": false,
			"properties": map[string]any{
				"level":      map[string]any{"enum": levels, "default": rule.Level},
				"parameters": map[string]any{"type": "object", "additionalProperties": false, "properties": parameters},
			},
		}
	}
	settings := map[string]any{"type": "object", "additionalProperties": false, "properties": rules}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Levels and parameters of policies by environment",
		"type": "object", "additionalProperties": false,
		"properties": map[string]any{
			"rules":        map[string]any{"type": "string", "description": "Folder with the project's own rules."},
			"default":      map[string]any{"$ref": "#/$defs/settings"},
			"environments": map[string]any{"type": "object", "additionalProperties": map[string]any{"$ref": "#/$defs/settings"}},
		},
		"$defs": map[string]any{"settings": settings},
	}
}

package config

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// YAML renders the whole configuration as a stack file: every value, those
// that were not given marked `# default`, secrets hidden.
func (d Document) YAML() ([]byte, error) {
	var buffer bytes.Buffer
	encoder := yaml.NewEncoder(&buffer)
	encoder.SetIndent(2)
	if err := encoder.Encode(d.tree(func(string) {})); err != nil {
		return nil, fmt.Errorf("render configuration: %w", err)
	}
	return buffer.Bytes(), nil
}

// JSON renders `{"config": {"gatehouse:network": …}, "defaults": [KEY, …]}`,
// where defaults are the keys of the values that were not given.
func (d Document) JSON() ([]byte, error) {
	shown := struct {
		Config   any      `json:"config"`
		Defaults []string `json:"defaults"`
	}{Defaults: []string{}}
	tree := d.tree(func(path string) { shown.Defaults = append(shown.Defaults, namespace+path) })
	var file struct {
		Config any `yaml:"config"`
	}
	if err := tree.Decode(&file); err != nil {
		return nil, fmt.Errorf("render configuration: %w", err)
	}
	shown.Config = file.Config
	encoded, err := json.MarshalIndent(shown, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("render configuration: %w", err)
	}
	return append(encoded, '\n'), nil
}

// tree is the configuration as YAML nodes; each value that was not given is
// handed to defaulted.
func (d Document) tree(defaulted func(path string)) *yaml.Node {
	r := renderer{given: d.given, defaulted: defaulted}
	sections := r.structure(reflect.ValueOf(d.Config), "")
	for i := 0; i < len(sections.Content); i += 2 {
		sections.Content[i].Value = namespace + sections.Content[i].Value
	}
	file := &yaml.Node{Kind: yaml.MappingNode}
	file.Content = append(file.Content, textNode("config"), sections)
	return file
}

type renderer struct {
	given     places
	defaulted func(path string)
}

func (r renderer) value(v reflect.Value, path string) *yaml.Node {
	if text, ok := v.Interface().(encoding.TextMarshaler); ok {
		return r.leaf(marshalled(text), path)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return r.value(v.Elem(), path)
	case reflect.Interface:
		return freely(v.Interface())
	case reflect.Struct:
		return r.structure(v, path)
	case reflect.Map:
		mapping := &yaml.Node{Kind: yaml.MappingNode}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			mapping.Content = append(mapping.Content, textNode(key.String()), r.value(v.MapIndex(key), join(path, key.String())))
		}
		return mapping
	case reflect.Slice:
		if listed(v.Type().Elem()) && v.Len() > 0 {
			return r.list(v, path)
		}
		list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for i := range v.Len() {
			list.Content = append(list.Content, bare(v.Index(i)))
		}
		return r.leaf(list, path)
	default:
		return r.leaf(bare(v), path)
	}
}

// listed says that the items of a list are mappings, a key a line.
func listed(t reflect.Type) bool {
	_, isText := reflect.New(t).Interface().(encoding.TextMarshaler)
	return t.Kind() == reflect.Struct && !isText
}

// list renders mappings one below the other.
func (r renderer) list(v reflect.Value, path string) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range v.Len() {
		list.Content = append(list.Content, r.structure(v.Index(i), item(path, i)))
	}
	return list
}

func (r renderer) structure(v reflect.Value, path string) *yaml.Node {
	mapping := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range fieldsOf(v.Type()) {
		value := v.Field(f.index)
		if absent(value, f) {
			continue
		}
		mapping.Content = append(mapping.Content, textNode(f.name), r.value(value, join(path, f.name)))
	}
	return mapping
}

// absent says that a value that may be absent is.
func absent(v reflect.Value, f field) bool {
	return (v.Kind() == reflect.Pointer || f.optional) && v.IsNil()
}

// leaf marks a value that the file does not give.
func (r renderer) leaf(node *yaml.Node, path string) *yaml.Node {
	if _, ok := r.given[path]; !ok {
		node.LineComment = "default"
		r.defaulted(path)
	}
	return node
}

// bare renders a scalar without looking at where it came from.
func bare(v reflect.Value) *yaml.Node {
	if text, ok := v.Interface().(encoding.TextMarshaler); ok {
		return marshalled(text)
	}
	if v.Kind() == reflect.String {
		return textNode(v.String())
	}
	var node yaml.Node
	if err := node.Encode(v.Interface()); err != nil {
		panic(fmt.Sprintf("config: render %s: %v", v.Type(), err))
	}
	return &node
}

func marshalled(value encoding.TextMarshaler) *yaml.Node {
	text, err := value.MarshalText()
	if err != nil {
		panic(fmt.Sprintf("config: render %T: %v", value, err))
	}
	return textNode(string(text))
}

func textNode(text string) *yaml.Node {
	var node yaml.Node
	node.SetString(text)
	return &node
}

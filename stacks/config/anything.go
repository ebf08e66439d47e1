package config

import (
	"fmt"
	"reflect"

	"gopkg.in/yaml.v3"
)

// anything decodes a node of a mapping whose shape others set, such as a fragment
// of app-config, to the types of JSON.
func (d *decoder) anything(node *yaml.Node, path string) any {
	switch node.Kind {
	case yaml.AliasNode:
		d.addf(path, "is a YAML alias; write the value out")
	case yaml.MappingNode:
		mapping := map[string]any{}
		for key, value := range d.pairs(node, path) {
			mapping[key] = d.anything(value, join(path, key))
		}
		return mapping
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, content := range node.Content {
			list[i] = d.anything(content, item(path, i))
		}
		return list
	case yaml.DocumentNode, yaml.ScalarNode:
	}
	return d.plain(node, path)
}

// plain decodes a scalar. What JSON has no type for, such as a date, is its text.
func (d *decoder) plain(node *yaml.Node, path string) any {
	var value any
	switch node.ShortTag() {
	case "!!null", "!!bool", "!!int", "!!float":
		if err := node.Decode(&value); err != nil {
			d.addf(path, "is not of its type %s", node.ShortTag())
		}
		return value
	default:
		return node.Value
	}
}

// set puts a value of any type, nil included, into a field of type any.
func set(to reflect.Value, value any) {
	if value == nil {
		to.SetZero()
		return
	}
	to.Set(reflect.ValueOf(value))
}

// freely renders a value of any type.
func freely(value any) *yaml.Node {
	var node yaml.Node
	if err := node.Encode(value); err != nil {
		panic(fmt.Sprintf("config: render %T: %v", value, err))
	}
	return &node
}

package config

import (
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// namespace is the prefix of our keys in a stack's configuration.
const namespace = "gatehouse:"

// sandboxSection is the section that only the sandbox may write.
const sandboxSection = "sandbox"

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_*-]+$`)

// join appends a key to a path, in the syntax of `pulumi config set --path`.
func join(path, key string) string {
	if !plainKey.MatchString(key) {
		return path + "[" + quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// item appends a list index to a path.
func item(path string, index int) string { return path + "[" + strconv.Itoa(index) + "]" }

// parent is the path without its last step.
func parent(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

// within says that path is ancestor, or lies below it.
func within(path, ancestor string) bool {
	rest, found := strings.CutPrefix(path, ancestor)
	return found && (ancestor == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// position is a place in a file, from 1.
type position struct{ line, column int }

func at(node *yaml.Node) position { return position{node.Line, node.Column} }

// places says where each path stands in a file: the place of its key, or of
// the value for a list item.
type places map[string]position

// add records everything below a node. Aliases are not followed.
func (p places) add(path string, node *yaml.Node) {
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			child := join(path, key.Value)
			if _, seen := p[child]; seen || key.Kind != yaml.ScalarNode {
				continue
			}
			p[child] = at(key)
			p.add(child, value)
		}
	case yaml.SequenceNode:
		for i, value := range node.Content {
			p[item(path, i)] = at(value)
			p.add(item(path, i), value)
		}
	case yaml.DocumentNode, yaml.ScalarNode, yaml.AliasNode:
	}
}

// nearest is the place of a path, or of the closest ancestor that has one.
func (p places) nearest(path string) position {
	for {
		if found, ok := p[path]; ok || path == "" {
			return found
		}
		path = parent(path)
	}
}

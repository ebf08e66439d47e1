package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxFileBytes bounds a stack file; a real one has some 10 KiB.
const maxFileBytes = 1 << 20

var (
	yamlErrorLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)
	stackFileName = regexp.MustCompile(`^Pulumi\.(.+)\.ya?ml$`)
)

// stackName is the stack that a file configures, "" for other file names.
func stackName(file string) string {
	if match := stackFileName.FindStringSubmatch(filepath.Base(file)); match != nil {
		return match[1]
	}
	return ""
}

// stackFileKeys are the top-level keys of Pulumi's stack files.
func stackFileKeys() []string {
	return []string{"config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"}
}

// sections reads a stack file down to our own sections: a mapping whose keys
// are section names, nil when there is nothing to decode.
func (d *decoder) sections(content []byte) *yaml.Node {
	root := d.document(content)
	if root == nil {
		return nil
	}
	var config *yaml.Node
	for key, value := range d.pairs(root, "") {
		if key == "config" {
			config = value
			continue
		}
		if suggestion := nearest(key, stackFileKeys()); suggestion != key {
			d.misspelt = append(d.misspelt, suggestion)
			d.add(problem{place: keyPlace(root, key), message: "unknown key " + quote(key) + " in a Pulumi stack file", suggestion: suggestion})
		}
	}
	switch {
	case config == nil && slices.Contains(d.misspelt, "config"):
		return nil
	case config == nil:
		d.add(problem{place: at(root), message: "has no configuration; give the key config with gatehouse:environment and the other sections"})
		return nil
	case config.Kind != yaml.MappingNode:
		d.add(problem{place: at(config), message: "config: expected a mapping, got " + found(config)})
		return nil
	}
	return d.ours(config, keyPlace(root, "config"))
}

// document parses the bytes to the one mapping that they must hold.
func (d *decoder) document(content []byte) *yaml.Node {
	if len(content) > maxFileBytes {
		d.add(problem{message: fmt.Sprintf("has %d bytes; a stack file may have %d", len(content), maxFileBytes)})
		return nil
	}
	reader := yaml.NewDecoder(bytes.NewReader(content))
	var first, second yaml.Node
	switch err := reader.Decode(&first); {
	case errors.Is(err, io.EOF):
		d.add(problem{message: "is empty; copy Pulumi.staging.yaml and change it"})
		return nil
	case err != nil:
		d.add(notYAML(err))
		return nil
	}
	switch err := reader.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		d.add(notYAML(err))
		return nil
	default:
		d.add(problem{place: at(&second), message: "a second YAML document begins here; a stack file has one"})
	}
	root := first.Content[0]
	if root.Kind != yaml.MappingNode {
		d.add(problem{place: at(root), message: "expected a mapping with the key config, got " + found(root)})
		return nil
	}
	return root
}

func notYAML(err error) problem {
	match := yamlErrorLine.FindStringSubmatch(err.Error())
	if match == nil {
		return problem{message: "is not valid YAML: " + err.Error()}
	}
	line, _ := strconv.Atoi(match[1])
	return problem{place: position{line, min(line, 1)}, message: "is not valid YAML: " + match[2]}
}

// ours picks our sections out of a stack's configuration. Keys of other
// namespaces belong to providers and to Pulumi itself.
func (d *decoder) ours(config *yaml.Node, place position) *yaml.Node {
	sections := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: place.line, Column: place.column}
	for i := 0; i+1 < len(config.Content); i += 2 {
		key, value := config.Content[i], config.Content[i+1]
		owner, name, hasOwner := strings.Cut(key.Value, ":")
		switch {
		case hasOwner && owner+":" == namespace:
			short := *key
			short.Value = name
			sections.Content = append(sections.Content, &short, value)
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" || !hasOwner:
			d.add(d.noNamespace(key))
		case nearest(owner, []string{strings.TrimSuffix(namespace, ":")}) != "":
			d.misspelt = append(d.misspelt, name)
			d.add(problem{place: at(key), message: "unknown namespace " + quote(owner), suggestion: namespace + name})
		}
	}
	return sections
}

func (d *decoder) noNamespace(key *yaml.Node) problem {
	p := problem{place: at(key), message: fmt.Sprintf("has %s as a key of config; keys are NAMESPACE:NAME", found(key))}
	if section := nearest(key.Value, names(fieldsOf(reflect.TypeFor[Config]()))); section != "" {
		p.suggestion = namespace + section
		d.misspelt = append(d.misspelt, section)
	}
	return p
}

// keyPlace is where a key stands in a mapping.
func keyPlace(node *yaml.Node, key string) position {
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return at(node.Content[i])
		}
	}
	return at(node)
}

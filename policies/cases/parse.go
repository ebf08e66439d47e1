// Package cases tests rules by example: beside each rule lies a file of
// resources that keep it, break it, leave it undecided, or come near to
// breaking it.
//
// It judges them with the evaluator that judges real resources.
package cases

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"gopkg.in/yaml.v3"

	"gatehouse/policies/input"
)

// Group is what a case shows.
type Group string

// The groups; every rule has cases in each.
const (
	Pass      Group = "pass"
	Fail      Group = "fail"
	NearMiss  Group = "near_miss"
	Undecided Group = "undecided"
)

// Groups are all groups.
var Groups = []Group{Pass, Fail, NearMiss, Undecided}

// Case is one example.
type Case struct {
	Group Group
	Name  string
	// File and Line are where it is written.
	File string
	Line int
	// Resources has one resource, or all of a stack.
	Resources []input.Resource
	// Paths are those that must be denied, as PATH or NAME:PATH; nil for any.
	Paths []string
	// After is what the resource is after the remedy; nil when not said.
	After resource.PropertyMap
	// Parameters are those that differ from their defaults.
	Parameters map[string]any
	Stack      string
}

// written is a case as it stands in the file: one resource, or a list.
type written struct {
	writtenResource `yaml:",inline"`

	Resources  []writtenResource `yaml:"resources"`
	Paths      []string          `yaml:"paths"`
	After      yaml.Node         `yaml:"after"`
	Parameters map[string]any    `yaml:"parameters"`
	Stack      string            `yaml:"stack"`
}

type writtenResource struct {
	// Name is the resource's; that of the case when it has one resource.
	Name                 string              `yaml:"name"`
	Type                 string              `yaml:"type"`
	Properties           yaml.Node           `yaml:"properties"`
	Object               yaml.Node           `yaml:"object"`
	Outputs              yaml.Node           `yaml:"outputs"`
	Protect              bool                `yaml:"protect"`
	Parent               string              `yaml:"parent"`
	Dependencies         []string            `yaml:"dependencies"`
	PropertyDependencies map[string][]string `yaml:"propertyDependencies"`
}

// Parse reads the cases of one file.
func Parse(files fs.FS, name string) ([]Case, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read the cases: %w", err)
	}
	return ParseText(name, text)
}

// ParseText is Parse for a text; name is for its errors.
func ParseText(name string, text []byte) ([]Case, error) {
	var groups map[Group][]yaml.Node
	if err := yaml.Unmarshal(text, &groups); err != nil {
		return nil, fmt.Errorf("read the cases of %s: %w", name, err)
	}
	var all []Case
	for _, group := range Groups {
		for _, node := range groups[group] {
			c, err := parseCase(node)
			if err != nil {
				return nil, fmt.Errorf("read the cases of %s:%d: %w", name, node.Line, err)
			}
			c.Group, c.File, c.Line = group, name, node.Line
			all = append(all, c)
		}
		delete(groups, group)
	}
	for group := range groups {
		return nil, fmt.Errorf("read the cases of %s: unknown group %q; expected pass, fail, near_miss or undecided", name, group)
	}
	return all, nil
}

func parseCase(node yaml.Node) (Case, error) {
	var w written
	if err := node.Decode(&w); err != nil {
		return Case{}, err
	}
	c := Case{Name: w.Name, Paths: w.Paths, Parameters: w.Parameters, Stack: w.Stack}
	if c.Name == "" {
		return c, errors.New("a case has no name")
	}
	list := w.Resources
	if len(list) == 0 {
		w.Name = "example"
		list = []writtenResource{w.writtenResource}
	}
	urns := map[string]string{}
	for _, r := range list {
		urns[r.Name] = r.urn()
	}
	for _, r := range list {
		made, err := r.make(urns)
		if err != nil {
			return c, err
		}
		c.Resources = append(c.Resources, made)
	}
	after, err := object(&w.After)
	if len(after) > 0 {
		c.After = after
	}
	return c, err
}

// typ is the type token, written or of the object.
func (r writtenResource) typ() string {
	if r.Type != "" || r.Object.IsZero() {
		return r.Type
	}
	var object struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string `yaml:"kind"`
	}
	_ = r.Object.Decode(&object)
	if !strings.Contains(object.APIVersion, "/") {
		object.APIVersion = "core/" + object.APIVersion
	}
	return "kubernetes:" + object.APIVersion + ":" + object.Kind
}

func (r writtenResource) urn() string {
	return "urn:pulumi:test::project::" + r.typ() + "::" + r.Name
}

func (r writtenResource) make(urns map[string]string) (input.Resource, error) {
	made := input.Resource{
		URN: r.urn(), Type: r.typ(), Name: r.Name, Custom: true, Protect: r.Protect, Parent: urns[r.Parent],
		PropertyDependencies: map[string][]string{},
	}
	if made.Type == "" {
		return made, errors.New("a resource has no type")
	}
	for _, name := range r.Dependencies {
		made.Dependencies = append(made.Dependencies, urns[name])
	}
	for property, names := range r.PropertyDependencies {
		for _, name := range names {
			if urns[name] == "" {
				return made, fmt.Errorf("propertyDependencies names %q, which is no resource of the case", name)
			}
			made.PropertyDependencies[property] = append(made.PropertyDependencies[property], urns[name])
		}
	}
	properties := &r.Properties
	if properties.IsZero() {
		properties = &r.Object
	}
	var err error
	if made.Properties, err = object(properties); err != nil {
		return made, err
	}
	made.Outputs, err = object(&r.Outputs)
	return made, err
}

func object(node *yaml.Node) (resource.PropertyMap, error) {
	if node.IsZero() {
		return resource.PropertyMap{}, nil
	}
	v, err := value(node)
	if err != nil {
		return nil, err
	}
	if !v.IsObject() {
		return nil, fmt.Errorf("line %d: expected an object", node.Line)
	}
	return v.ObjectValue(), nil
}

// value turns a YAML node into a property: !unknown is a value that nobody knows
// yet, !secret one that must not be shown.
func value(node *yaml.Node) (resource.PropertyValue, error) {
	tag := node.Tag
	if tag == "!unknown" {
		return resource.MakeComputed(resource.NewStringProperty("")), nil
	}
	if tag == "!secret" {
		inner := *node
		inner.Tag = ""
		v, err := value(&inner)
		return resource.MakeSecret(v), err
	}
	switch node.Kind {
	case yaml.AliasNode:
		return value(node.Alias)
	case yaml.MappingNode:
		m := resource.PropertyMap{}
		for i := 0; i < len(node.Content); i += 2 {
			v, err := value(node.Content[i+1])
			if err != nil {
				return v, err
			}
			m[resource.PropertyKey(node.Content[i].Value)] = v
		}
		return resource.NewObjectProperty(m), nil
	case yaml.SequenceNode:
		var list []resource.PropertyValue
		for _, element := range node.Content {
			v, err := value(element)
			if err != nil {
				return v, err
			}
			list = append(list, v)
		}
		return resource.NewArrayProperty(list), nil
	default:
		var plain any
		if err := node.Decode(&plain); err != nil {
			return resource.PropertyValue{}, fmt.Errorf("line %d: %w", node.Line, err)
		}
		return resource.NewPropertyValue(plain), nil
	}
}

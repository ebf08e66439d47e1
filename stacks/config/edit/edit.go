// Package edit changes the packages of a stack file, portal.plugins.packages of
// Pulumi.STACK.yaml, as a careful person would: every other byte stays, comments,
// order and blank lines too.
//
// What a package may be is the rules' of package config, and what becomes of it is
// the program's. Here is only text.
package edit

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"

	"gatehouse/stacks/config"
)

// ErrUnsafe means that a file is written in a way that cannot be changed without
// harm to the rest; the error names what to write by hand.
var ErrUnsafe = errors.New("cannot change this file without harm to the rest of it")

// Put adds a package behind the others, or changes the one of its name where it
// stands. What the two agree on stays as it is written.
func Put(content []byte, p config.Package) ([]byte, error) {
	want := packageNode(p)
	d, err := read(content)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(d.items(), named(string(p.Name)))
	if at < 0 {
		return d.finish(d.add(want), append(d.values(), value(want)), byHand(want))
	}
	old, values := d.items()[at], d.values()
	edits, after := d.change(old, want)
	values[at] = after
	return d.finish(edits, values, byHand(want))
}

// Remove takes a package out, with the comments in it; those above it stay. A
// package that is not there is an error.
func Remove(content []byte, name string) ([]byte, error) {
	d, err := read(content)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(d.items(), named(name))
	if at < 0 {
		return nil, fmt.Errorf("remove %s from portal.plugins.packages: it is not there", name)
	}
	return d.finish(d.drop(at), slices.Delete(d.values(), at, at+1), "without the package "+name)
}

// Replace makes the packages those of a list, in its order when the file has none
// of them; a package that is in both is changed where it stands.
func Replace(content []byte, list []config.Package) ([]byte, error) {
	d, err := read(content)
	if err != nil {
		return nil, err
	}
	for _, old := range d.items() {
		name := nameOf(old)
		if !slices.ContainsFunc(list, func(p config.Package) bool { return string(p.Name) == name }) {
			if content, err = Remove(content, name); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range list {
		if content, err = Put(content, p); err != nil {
			return nil, err
		}
	}
	if len(list) == 0 && d.packages == nil {
		return d.finish(d.add(nil), nil, "    packages: []")
	}
	return content, nil
}

// document is a stack file that is being changed.
type document struct {
	text text
	root *yaml.Node
	// packages is the list, nil when there is none.
	packages *yaml.Node
}

func read(content []byte) (*document, error) {
	if at, strange := strangeEnd(content); strange {
		return nil, fmt.Errorf("read the stack file: %w: a line ends as no editor shows it (byte %d): save it with ordinary line ends", ErrUnsafe, at)
	}
	d := &document{text: newText(content)}
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return nil, fmt.Errorf("read the stack file: %w", err)
	}
	if root.Kind != yaml.DocumentNode || root.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("read the stack file: expected a mapping with the key config")
	}
	d.root = root.Content[0]
	d.packages = d.find()
	if d.packages != nil && d.packages.Kind != yaml.SequenceNode {
		return nil, errors.New("read the stack file: gatehouse:portal.plugins.packages: expected a list")
	}
	return d, nil
}

func (d *document) items() []*yaml.Node {
	if d.packages == nil {
		return nil
	}
	return d.packages.Content
}

// values are the packages as plain values.
func (d *document) values() []any {
	list := []any{}
	for _, each := range d.items() {
		list = append(list, value(each))
	}
	return list
}

// finish makes the edits, and checks that they did what they should and no more:
// the packages are the wanted ones, and all other values are as they were.
func (d *document) finish(edits []splice, packages []any, hand string) ([]byte, error) {
	unsafe := fmt.Errorf("%w; write it by hand under gatehouse:portal, plugins:\n%s", ErrUnsafe, hand)
	if edits == nil {
		return nil, unsafe
	}
	changed, ok := d.text.apply(edits)
	if !ok {
		return nil, unsafe
	}
	var before, after any
	if d.root.Decode(&before) != nil || yaml.Unmarshal(changed, &after) != nil {
		return nil, unsafe
	}
	if packages == nil {
		packages = []any{}
	}
	if !reflect.DeepEqual(with(before, packages, packagesPath()...), after) {
		return nil, unsafe
	}
	return changed, nil
}

func packagesPath() []string { return []string{"config", "gatehouse:portal", "plugins", "packages"} }

// with is a tree with the value at a path replaced.
func with(tree, value any, path ...string) any {
	if len(path) == 0 {
		return value
	}
	mapping, ok := tree.(map[string]any)
	if !ok {
		mapping = map[string]any{}
	}
	mapping[path[0]] = with(mapping[path[0]], value, path[1:]...)
	return mapping
}

func value(node *yaml.Node) any {
	var v any
	// What does not decode is no value, and equal to no other.
	if err := node.Decode(&v); err != nil {
		return err
	}
	return v
}

func named(name string) func(*yaml.Node) bool {
	return func(item *yaml.Node) bool { return nameOf(item) == name }
}

// nameOf is the name of a package, "" when it has none.
func nameOf(item *yaml.Node) string {
	if _, name := entry(item, "name"); name != nil {
		return name.Value
	}
	return ""
}

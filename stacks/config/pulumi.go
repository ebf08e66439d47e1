package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"gopkg.in/yaml.v3"
)

// FromPulumi is the configuration that the engine hands to the running
// program. It is read and checked like a file, and problems name the lines of
// Pulumi.STACK.yaml where that file holds the same keys. Warnings go to the
// engine's log. Only here may the section of the sandbox be present, and only
// here do secrets have their plain text.
func FromPulumi(ctx *pulumi.Context, opts ...Option) (Config, error) {
	d := decoder{secretSection: func(name string) bool { return ctx.IsConfigSecret(namespace + name) }}
	sections, given := d.engineSections(ctx.GetConfig)
	file, where := stackFilePlaces(ctx.RootDirectory(), ctx.Stack(), given)

	document := Document{given: given, where: where}
	d.decode(&document.Config, sections)
	d.plainSecrets(where)
	d.validate(document, ctx.Stack(), optionsOf(opts).now)

	problems := resolve(d.problems, file, where)
	for _, warning := range problems.Warnings() {
		if err := ctx.Log.Warn(warning.String(), nil); err != nil {
			return Config{}, fmt.Errorf("log a warning: %w", err)
		}
	}
	if err := problems.err(); err != nil {
		return Config{}, err
	}
	return document.Config, nil
}

// engineSections turns the engine's values, which are JSON, into the nodes
// that a file would have given; JSON is YAML.
func (d *decoder) engineSections(get func(key string) (string, bool)) (*yaml.Node, places) {
	sections := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, f := range fieldsOf(reflect.TypeFor[Config]()) {
		name := f.name
		value, ok := get(namespace + name)
		if !ok {
			continue
		}
		if d.secretSection(name) && !holdsSecrets(f.typ) {
			d.addf(name, "holds an encrypted value, but no secret belongs here; write it in plain text")
			d.misspelt = append(d.misspelt, name)
			continue
		}
		var document yaml.Node
		if err := yaml.Unmarshal([]byte(value), &document); err != nil || document.Kind == 0 {
			d.addf(name, "expected a mapping, got a value that is not JSON")
			continue
		}
		key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}
		sections.Content = append(sections.Content, key, document.Content[0])
	}
	given := places{}
	given.add("", sections)
	return sections, given
}

// holdsSecrets says that a Pulumi secret may stand somewhere in the type.
func holdsSecrets(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return holdsSecrets(t.Elem())
	case reflect.Struct:
		if t == secretType {
			return true
		}
		for i := range t.NumField() {
			if holdsSecrets(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// plainSecrets reports secrets that the file has in plain text. The engine
// alone cannot tell: one ciphertext makes all of a section secret.
func (d *decoder) plainSecrets(where places) {
	for _, path := range d.secrets {
		_, inFile := where[path]
		if _, encrypted := where[path+".secure"]; inFile && !encrypted {
			d.notSecret(path)
		}
	}
}

// stackFilePlaces finds the stack's file and the places of its keys. A section
// that does not have the keys that the engine has came from elsewhere, and is
// left out rather than quoted with wrong lines.
func stackFilePlaces(root, stack string, given places) (string, places) {
	file := "Pulumi." + filepath.Base(stack) + ".yaml"
	content, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return file, nil
	}
	var ignored decoder
	sections := ignored.sections(content)
	if sections == nil {
		return file, nil
	}
	all := places{}
	all.add("", sections)
	where := places{"": at(sections)}
	for path, place := range all {
		if section, _, _ := strings.Cut(path, "."); sameKeys(section, all, given) {
			where[path] = place
		}
	}
	return file, where
}

// sameKeys says that a section has the same keys in both, where a secret is
// ciphertext in the first and plain text in the second.
func sameKeys(section string, file, engine places) bool {
	for path := range engine {
		if _, ok := file[path]; within(path, section) && !ok {
			return false
		}
	}
	for path := range file {
		if _, ok := engine[path]; within(path, section) && !ok && !strings.HasSuffix(path, ".secure") {
			return false
		}
	}
	return true
}

package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxProblems is where reading stops to report: nobody reads more.
const maxProblems = 200

// problem is a Problem whose place in the file is not yet known.
type problem struct {
	path, message, suggestion string
	// place overrides the place of the path, for keys that stand twice.
	place   position
	warning bool
}

// decoder reads YAML nodes into typed values and keeps every mistake.
type decoder struct {
	// secretSection says whether a section holds Pulumi secrets that the
	// engine has decrypted; nil when the nodes come from a file, where secrets
	// are still ciphertext.
	secretSection func(name string) bool
	problems      []problem
	// misspelt are keys that have been reported under the name that was given
	// instead; they are not reported as missing too.
	misspelt []string
	// secrets are where Pulumi secrets were read.
	secrets []string
}

func (d *decoder) full() bool { return len(d.problems) >= maxProblems }

func (d *decoder) add(p problem) {
	if !d.full() {
		d.problems = append(d.problems, p)
	}
}

func (d *decoder) addf(path, format string, args ...any) {
	d.add(problem{path: path, message: fmt.Sprintf(format, args...)})
}

// value decodes one node by the type of its target.
func (d *decoder) value(to reflect.Value, node *yaml.Node, path string, f field) {
	t := to.Type()
	if t.Kind() == reflect.Pointer {
		target := reflect.New(t.Elem())
		d.value(target.Elem(), node, path, f)
		to.Set(target)
		return
	}
	text, isScalar := to.Addr().Interface().(scalar)
	switch {
	case t.Kind() == reflect.Interface:
		set(to, d.anything(node, path))
	case node.Kind == yaml.AliasNode:
		d.addf(path, "is a YAML alias; write the value out")
	case node.ShortTag() == "!!null":
		d.null(path, t, f)
	case t == secretType:
		d.secret(to, node, path)
	case isCiphertext(node):
		d.addf(path, "is encrypted, but is no secret; write it in plain text")
	case isScalar:
		d.scalar(text, node, path)
	default:
		d.kind(to, node, path, f)
	}
}

func (d *decoder) kind(to reflect.Value, node *yaml.Node, path string, f field) {
	switch to.Kind() {
	case reflect.Struct:
		d.structure(to, node, path)
	case reflect.Map:
		d.mapping(to, node, path)
	case reflect.Slice:
		d.list(to, node, path)
	case reflect.Int:
		d.number(to, node, path, f)
	case reflect.Float64:
		d.decimal(to, node, path, f)
	case reflect.Bool:
		if d.hasTag(node, "!!bool", to.Type(), path) {
			to.SetBool(strings.EqualFold(node.Value, "true"))
		}
	case reflect.String:
		if !d.hasTag(node, "!!str", to.Type(), path) {
			return
		}
		if to.SetString(node.Value); node.Value == "" {
			d.addf(path, "is empty; give %s", expected(to.Type()))
		}
	default:
		panic("config: no decoding for " + to.Type().String())
	}
}

func (d *decoder) scalar(to scalar, node *yaml.Node, path string) {
	if !d.hasTag(node, "!!str", reflect.TypeOf(to).Elem(), path) {
		return
	}
	err := to.UnmarshalText([]byte(node.Value))
	var formed *formError
	switch {
	case err != nil && d.quiet(path):
		d.addf(path, "is not %s", expected(reflect.TypeOf(to).Elem()))
	case errors.As(err, &formed):
		d.add(problem{path: path, message: formed.message, suggestion: formed.suggestion})
	case err != nil:
		d.addf(path, "%v", err)
	}
}

// hasTag reports a node that is not a scalar of the wanted YAML type.
func (d *decoder) hasTag(node *yaml.Node, tag string, t reflect.Type, path string) bool {
	if node.Kind == yaml.ScalarNode && node.ShortTag() == tag {
		return true
	}
	d.wrongType(node, t, path)
	return false
}

func (d *decoder) wrongType(node *yaml.Node, t reflect.Type, path string) {
	if d.quiet(path) {
		d.addf(path, "expected %s", expected(t))
		return
	}
	d.addf(path, "expected %s, got %s%s", expected(t), found(node), remedy(node, t))
}

// quiet says that the value at the path may be a secret, which no message may
// quote.
func (d *decoder) quiet(path string) bool { return within(path, "foundation.secrets") }

func (d *decoder) null(path string, t reflect.Type, f field) {
	if f.name == "" || f.required() {
		d.addf(path, "has no value; give %s", expected(t))
		return
	}
	d.addf(path, "has no value; give %s, or remove the key", expected(t))
}

func (d *decoder) list(to reflect.Value, node *yaml.Node, path string) {
	if node.Kind != yaml.SequenceNode {
		d.wrongType(node, to.Type(), path)
		return
	}
	list := reflect.MakeSlice(to.Type(), len(node.Content), len(node.Content))
	for i, content := range node.Content {
		d.value(list.Index(i), content, item(path, i), field{})
	}
	to.Set(list)
}

func (d *decoder) mapping(to reflect.Value, node *yaml.Node, path string) {
	if node.Kind != yaml.MappingNode {
		d.wrongType(node, to.Type(), path)
		return
	}
	result := reflect.MakeMap(to.Type())
	for key, value := range d.pairs(node, path) {
		target := reflect.New(to.Type().Elem()).Elem()
		d.value(target, value, join(path, key), field{})
		result.SetMapIndex(reflect.ValueOf(key), target)
	}
	to.Set(result)
}

func (d *decoder) structure(to reflect.Value, node *yaml.Node, path string) {
	if node.Kind != yaml.MappingNode {
		d.wrongType(node, to.Type(), path)
		return
	}
	fields := fieldsOf(to.Type())
	var given []string
	for key, value := range d.pairs(node, path) {
		at := slices.IndexFunc(fields, func(f field) bool { return f.name == key })
		if at < 0 {
			d.unknown(path, key, names(fields))
			continue
		}
		given = append(given, key)
		d.value(to.Field(fields[at].index), filled(value, fields[at]), join(path, key), fields[at])
	}
	for _, f := range fields {
		switch {
		case slices.Contains(given, f.name), f.required() && slices.Contains(d.misspelt, join(path, f.name)):
		case f.hasFallback:
			d.value(to.Field(f.index), fallbackNode(f), join(path, f.name), f)
		case f.required():
			d.addf(join(path, f.name), "is missing; give %s", expected(f.typ))
		}
	}
}

// unknown reports a key that the struct does not have.
func (d *decoder) unknown(path, key string, valid []string) {
	if d.full() {
		return
	}
	p := problem{path: join(path, key), message: "unknown key", suggestion: nearest(key, valid)}
	elsewhere := keysNamed(key, reflect.TypeFor[Config](), "")
	switch {
	case p.suggestion == "" && len(elsewhere) > 0 && len(elsewhere) <= 3:
		p.message = "unknown key here; it belongs under " + listParents(elsewhere)
	case p.suggestion == "" && len(valid) <= maxListed:
		p.message = "unknown key; valid are " + strings.Join(valid, ", ")
	}
	if p.suggestion != "" {
		d.misspelt = append(d.misspelt, join(path, p.suggestion))
	}
	if path == "" && p.suggestion != "" {
		p.suggestion = namespace + p.suggestion
	}
	d.add(p)
}

// listParents names where keys may stand.
func listParents(keys []string) string {
	list := make([]string, len(keys))
	for i, key := range keys {
		if list[i] = namespace + parent(key); parent(key) == "" {
			list[i] = namespace + key
		}
	}
	return strings.Join(list, " or ")
}

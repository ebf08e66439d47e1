package config

import (
	"fmt"
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

var secretType = reflect.TypeFor[SecretValue]()

// pairs yields the keys and values of a mapping, once each; keys that are
// not text, merge keys and second copies are reported and left out.
func (d *decoder) pairs(node *yaml.Node, path string) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		first := make(map[string]int, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			p := problem{path: path, place: at(key)}
			line, twice := first[key.Value]
			switch {
			case key.ShortTag() == "!!merge":
				p.message = "has a YAML merge key (<<); write the values out"
			case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str":
				p.message = fmt.Sprintf("has %s as a key; keys are text", found(key))
			case twice:
				p.path, p.message = join(path, key.Value), fmt.Sprintf("is given twice, first on line %d", line)
			default:
				first[key.Value] = key.Line
				if !yield(key.Value, value) {
					return
				}
				continue
			}
			d.add(p)
		}
	}
}

// isCiphertext recognises what `pulumi config set --secret` writes.
func isCiphertext(node *yaml.Node) bool {
	return node.Kind == yaml.MappingNode && len(node.Content) == 2 &&
		node.Content[0].Value == "secure" && node.Content[1].Kind == yaml.ScalarNode
}

// secret accepts a Pulumi secret only; the value is never quoted.
func (d *decoder) secret(to reflect.Value, node *yaml.Node, path string) {
	section, _, _ := strings.Cut(path, ".")
	switch {
	case d.secretSection == nil && isCiphertext(node):
		to.Set(reflect.ValueOf(SecretValue{}))
	case d.secretSection != nil && d.secretSection(section) && node.Kind == yaml.ScalarNode:
		to.Set(reflect.ValueOf(SecretValue{plain: node.Value}))
		d.secrets = append(d.secrets, path)
	default:
		d.notSecret(path)
	}
}

// notSecret asks for a new value, since the old one stands in a file.
func (d *decoder) notSecret(path string) {
	d.addf(path, "must be a Pulumi secret; renew the value, then run `pulumi config set --secret --path '%s%s'`", namespace, path)
}

// number decodes a whole number and checks the bounds of its tags.
func (d *decoder) number(to reflect.Value, node *yaml.Node, path string, f field) {
	if !d.hasTag(node, "!!int", to.Type(), path) {
		return
	}
	n, err := strconv.Atoi(node.Value)
	switch {
	case err != nil || strconv.Itoa(n) != node.Value:
		d.addf(path, "expected a whole number in plain decimal digits, got %s", quote(node.Value))
		return
	case f.allowed != nil && nearestNumber(n, f.allowed) != n:
		d.addf(path, "%d is not one of %s; the nearest is %d", n, commas(f.allowed), nearestNumber(n, f.allowed))
	case f.minimum != nil && n < *f.minimum, f.maximum != nil && n > *f.maximum:
		d.addf(path, "%d is out of range; it must be %s", n, bounds(f))
	}
	to.SetInt(int64(n))
}

// decimal decodes a number with or without a fraction and checks its bounds.
func (d *decoder) decimal(to reflect.Value, node *yaml.Node, path string, f field) {
	if node.Kind != yaml.ScalarNode || node.ShortTag() != "!!int" {
		if !d.hasTag(node, "!!float", to.Type(), path) {
			return
		}
	}
	n, err := strconv.ParseFloat(node.Value, 64)
	switch {
	case err != nil || math.IsInf(n, 0) || math.IsNaN(n):
		d.addf(path, "expected a number in plain decimal digits, got %s", quote(node.Value))
		return
	case f.minimum != nil && n < float64(*f.minimum), f.maximum != nil && n > float64(*f.maximum):
		d.addf(path, "%s is out of range; it must be %s", node.Value, bounds(f))
	}
	to.SetFloat(n)
}

func nearestNumber(n int, allowed []int) int {
	best := allowed[0]
	for _, candidate := range allowed {
		if distance(candidate, n) < distance(best, n) {
			best = candidate
		}
	}
	return best
}

func distance(a, b int) int { return max(a, b) - min(a, b) }

func commas(numbers []int) string {
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = strconv.Itoa(n)
	}
	return strings.Join(list, ", ")
}

func bounds(f field) string {
	switch {
	case f.maximum == nil:
		return fmt.Sprintf("%d or more", *f.minimum)
	case f.minimum == nil:
		return fmt.Sprintf("%d or less", *f.maximum)
	default:
		return fmt.Sprintf("%d to %d", *f.minimum, *f.maximum)
	}
}

// fallbackNode is the default of a field as the file would have it.
func fallbackNode(f field) *yaml.Node {
	if _, isScalar := reflect.New(f.typ).Interface().(scalar); isScalar {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: f.fallback}
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(f.fallback), &document); err != nil {
		panic(fmt.Sprintf("config: default of %s: %v", f.name, err))
	}
	return document.Content[0]
}

// filled adds to a mapping that was given the keys that only the default of
// its field has, so that one struct type can have other defaults in each place
// of use. The node that was given stays as it is.
func filled(given *yaml.Node, f field) *yaml.Node {
	if !f.hasFallback || f.typ.Kind() != reflect.Struct || given.Kind != yaml.MappingNode {
		return given
	}
	whole := *given
	whole.Content = slices.Clip(given.Content)
	present := places{}
	present.add("", given)
	fallback := fallbackNode(f).Content
	for i := 0; i+1 < len(fallback); i += 2 {
		if _, ok := present[fallback[i].Value]; !ok {
			whole.Content = append(whole.Content, fallback[i], fallback[i+1])
		}
	}
	return &whole
}

// expected says what a type wants, with its article.
func expected(t reflect.Type) string {
	if f, isScalar := reflect.New(t).Interface().(scalar); isScalar {
		form := f.form()
		return form.what + ", such as " + form.example
	}
	switch t.Kind() {
	case reflect.Pointer:
		return expected(t.Elem())
	case reflect.Struct:
		if t == secretType {
			return "a Pulumi secret"
		}
		return "a mapping with " + strings.Join(names(fieldsOf(t)), ", ")
	case reflect.Map:
		return "a mapping by name"
	case reflect.Slice:
		return "a list"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	default:
		return "a text"
	}
}

// found says what a node is, with its article.
func found(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "a YAML alias"
	}
	switch node.ShortTag() {
	case "!!str":
		return "the text " + quote(node.Value)
	case "!!int", "!!float":
		return "the number " + node.Value
	case "!!bool":
		return node.Value
	case "!!null":
		return "nothing"
	case "!!timestamp":
		return "the date " + node.Value
	default:
		return "a value of type " + node.ShortTag()
	}
}

// remedy says how to write a scalar that has the wrong YAML type.
func remedy(node *yaml.Node, t reflect.Type) string {
	_, isScalar := reflect.New(t).Interface().(scalar)
	wantsText := isScalar || t.Kind() == reflect.String
	if node.Kind != yaml.ScalarNode {
		return ""
	}
	switch node.ShortTag() {
	case "!!int", "!!float", "!!bool", "!!timestamp":
		if wantsText {
			return fmt.Sprintf("; put it in quotes: %q", node.Value)
		}
	case "!!str":
		if _, err := strconv.Atoi(node.Value); err == nil && t.Kind() == reflect.Int {
			return "; remove the quotes"
		}
		if _, err := strconv.ParseFloat(node.Value, 64); err == nil && t.Kind() == reflect.Float64 {
			return "; remove the quotes"
		}
		if t.Kind() == reflect.Bool && (node.Value == "true" || node.Value == "false") {
			return "; remove the quotes"
		}
	}
	return ""
}

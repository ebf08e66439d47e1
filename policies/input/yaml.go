package input

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"gopkg.in/yaml.v3"
)

// yamlConverter turns nodes into property values the way Kubernetes reads them
// (sigs.k8s.io/yaml: YAML 1.1 on the way to JSON).
type yamlConverter struct {
	budget *budget
	// line is what to add to a node's line.
	line   int
	places places
	// aliases are those that are being followed.
	aliases map[*yaml.Node]bool
}

func (c *yamlConverter) fail(n *yaml.Node, format string, args ...any) error {
	return at(n.Line+c.line, format, args...)
}

func (c *yamlConverter) value(n *yaml.Node, depth int) (resource.PropertyValue, error) {
	var null resource.PropertyValue
	if depth > c.budget.limit.depth {
		return null, c.fail(n, "values are nested deeper than %d levels: this is no Kubernetes object", c.budget.limit.depth)
	}
	if len(c.aliases) > 0 && c.budget.expanded.Add(1) > c.budget.limit.expanded {
		return null, c.fail(n, "aliases grow to more than %d values: write the values out", c.budget.limit.expanded)
	}
	switch n.Kind {
	case yaml.MappingNode:
		m, err := c.mapping(n, depth)
		return resource.NewProperty(m), err
	case yaml.SequenceNode:
		list := make([]resource.PropertyValue, len(n.Content))
		for i, node := range n.Content {
			var err error
			if list[i], err = c.placed(element, node, node, depth+1); err != nil {
				return null, err
			}
		}
		return resource.NewProperty(list), nil
	case yaml.AliasNode:
		if c.aliases[n.Alias] {
			return null, c.fail(n, "the anchor %q contains itself: write the value out", n.Value)
		}
		if c.aliases == nil {
			c.aliases = map[*yaml.Node]bool{}
		}
		c.aliases[n.Alias] = true
		v, err := c.value(n.Alias, depth+1)
		delete(c.aliases, n.Alias)
		return v, err
	}
	return c.scalar(n)
}

// placed reads a value and notes that it is where the node at is.
func (c *yamlConverter) placed(key string, at, n *yaml.Node, depth int) (resource.PropertyValue, error) {
	i := c.places.open(key, at.Line+c.line)
	v, err := c.value(n, depth)
	c.places.close(i)
	return v, err
}

func (c *yamlConverter) mapping(n *yaml.Node, depth int) (resource.PropertyMap, error) {
	m := make(resource.PropertyMap, len(n.Content)/2)
	var taken map[resource.PropertyKey]bool // what << gave, until it is given anew
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag == "!!merge" {
			if taken == nil {
				taken = map[resource.PropertyKey]bool{}
			}
			if err := c.merge(m, taken, merged(n.Content[i+1]), depth); err != nil {
				return nil, err
			}
			continue
		}
		key, err := c.key(n.Content[i])
		if err != nil {
			return nil, err
		}
		v, err := c.placed(string(key), n.Content[i], n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		before := len(m)
		if m[key] = v; len(m) == before && !taken[key] {
			return nil, c.fail(n.Content[i], "the key %q is given twice: keep one", key)
		}
		delete(taken, key)
	}
	return m, nil
}

// merge takes the keys of sources into m. The first source wins, and << wins
// over the keys before it: so does the parser of Kubernetes.
func (c *yamlConverter) merge(m resource.PropertyMap, taken map[resource.PropertyKey]bool, sources []*yaml.Node, depth int) error {
	for _, source := range slices.Backward(sources) {
		v, err := c.value(source, depth+1)
		if err != nil {
			return err
		}
		if !v.IsObject() {
			return c.fail(source, "<< takes in no mapping: give it an alias of one")
		}
		for key, element := range v.ObjectValue() {
			m[key], taken[key] = element, true
		}
	}
	return nil
}

// resolved follows an alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// merged lists the mappings that a key << takes in.
func merged(value *yaml.Node) []*yaml.Node {
	if value.Kind == yaml.SequenceNode {
		return value.Content
	}
	return []*yaml.Node{value}
}

// key reads a key; one that is no string becomes its JSON text.
func (c *yamlConverter) key(n *yaml.Node) (resource.PropertyKey, error) {
	if at := resolved(n); at.Kind != yaml.ScalarNode {
		return "", c.fail(n, "a key is no plain value: write a string")
	}
	v, err := c.scalar(resolved(n))
	switch {
	case err != nil:
		return "", err
	case v.IsString():
		return resource.PropertyKey(v.StringValue()), nil
	case v.IsBool():
		return resource.PropertyKey(strconv.FormatBool(v.BoolValue())), nil
	case v.IsNumber():
		return resource.PropertyKey(strconv.FormatFloat(v.NumberValue(), 'f', -1, 64)), nil
	}
	return "", c.fail(n, "a key is null: write a string")
}

func (c *yamlConverter) scalar(n *yaml.Node) (resource.PropertyValue, error) {
	switch n.Tag {
	case "!!str", "!!timestamp", "!!merge":
		if n.Style == 0 {
			if b, is := oldBool(n.Value); is {
				return resource.NewProperty(b), nil
			}
		}
		return resource.NewProperty(n.Value), nil
	case "!!null":
		return resource.NewNullProperty(), nil
	case "!!bool":
		if text := strings.ToLower(n.Value); text == "true" || text == "false" {
			return resource.NewProperty(text == "true"), nil
		}
		if b, is := oldBool(n.Value); is {
			return resource.NewProperty(b), nil
		}
	case "!!int", "!!float":
		if number, ok := parseNumber(n.Value); ok {
			return resource.NewProperty(number), nil
		}
		return resource.PropertyValue{}, c.fail(n, "this is no number that JSON can hold")
	}
	return resource.PropertyValue{}, c.fail(n, "Kubernetes does not know the tag %s with this value: write the value without it", n.Tag)
}

// oldBool reads the booleans that YAML 1.1 has and 1.2 dropped. Kubernetes
// still knows them.
func oldBool(text string) (value, is bool) {
	switch text {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		return true, true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}

// parseNumber reads the integers and floats of YAML. Pulumi keeps every number
// as a float64, so integers beyond 2^53 are rounded.
func parseNumber(text string) (float64, bool) {
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return float64(n), true
	}
	text = strings.ReplaceAll(text, "_", "")
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return float64(n), true
	}
	if n, err := strconv.ParseUint(text, 0, 64); err == nil {
		return float64(n), true
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

package input

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"
)

// parseYAML reads the one YAML document.
func (d *document) parseYAML(budget *budget) ([]part, error) {
	if err := budget.spend(separators(d.data)); err != nil {
		return nil, err
	}
	root, err := d.nodes()
	if err != nil {
		return nil, d.hint(err)
	}
	if root == nil {
		return nil, nil
	}
	c := yamlConverter{budget: budget, line: d.line - 1}
	v, err := c.value(root, 0)
	if err != nil {
		return nil, d.hint(err)
	}
	if v.IsNull() {
		return nil, nil
	}
	return []part{{value: v, places: c.places, line: root.Line + c.line}}, nil
}

// separators counts what separates the nodes of a YAML document, which bounds
// their number within a factor of two. A node may take a hundred times the
// memory of its text, so there must be few enough before they are made.
func separators(data []byte) int64 {
	n := 1
	for _, separator := range []string{"\n", ",", "[", "{", ": ", "- ", "? "} {
		n += bytes.Count(data, []byte(separator))
	}
	return int64(n)
}

// nodes parses the document; nil when it is empty.
func (d *document) nodes() (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(d.data))
	var root, second yaml.Node
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, d.yamlError(err)
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, at(d.line+second.Line-1, "a document begins without a line --- of its own before it: add one")
	case !errors.Is(err, io.EOF):
		return nil, d.yamlError(err)
	}
	if len(root.Content) == 0 {
		return nil, nil
	}
	return root.Content[0], nil
}

var yamlMessage = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)

// yamlError places an error of the YAML parser in the file.
func (d *document) yamlError(err error) error {
	parts := yamlMessage.FindStringSubmatch(err.Error())
	if parts == nil {
		return at(d.line, "this is not YAML: %w", err)
	}
	line, _ := strconv.Atoi(parts[1])
	return at(d.line+max(line, 1)-1, "this is not YAML: %s", parts[2])
}

// hint adds what to do about a file that is a template.
func (d *document) hint(err error) error {
	var p placed
	if bytes.Contains(d.data, []byte("{{")) && errors.As(err, &p) {
		return at(p.line, "%w; this looks like a template: render it first (helm template CHART | … --manifests -)", p.err)
	}
	return err
}

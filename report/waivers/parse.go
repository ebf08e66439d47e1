package waivers

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"gatehouse/report"
	"gatehouse/report/listfile"
)

// Parse reads the content of a file of waivers; name is for its messages. It
// reads nothing by halves: one mistake and there are no waivers.
func Parse(name string, content []byte) ([]report.Waiver, error) {
	p := parser{name: name, content: content, seen: map[[2]string][]report.Waiver{}}
	decoder := yaml.NewDecoder(strings.NewReader(string(content)))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, p.syntax(err)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, p.syntax(err)
		}
		p.problem(&second, "a second document: keep all waivers in one")
	}
	found := p.file(document.Content[0])
	if len(p.problems) > 0 {
		return nil, fmt.Errorf("read waivers: %w", errors.Join(p.problems...))
	}
	return found, nil
}

// parser gathers everything that is wrong with a file.
type parser struct {
	name     string
	content  []byte
	problems []error
	seen     map[[2]string][]report.Waiver // by rule and resource
}

func (p *parser) problem(node *yaml.Node, format string, args ...any) {
	p.problems = append(p.problems, fmt.Errorf("%s:%d: %s", p.name, node.Line, fmt.Sprintf(format, args...)))
}

// syntax gives an error of the YAML library ("yaml: line 3: …") the form of all
// others.
func (p *parser) syntax(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		return fmt.Errorf("read waivers: %s:%s", p.name, rest)
	}
	return fmt.Errorf("read waivers: %s: %s", p.name, text)
}

// file reads the whole document.
func (p *parser) file(root *yaml.Node) []report.Waiver {
	if isNull(root) {
		return nil
	}
	if root.Kind != yaml.MappingNode {
		p.problem(root, "want a map with the key waivers, found %s", kind(root))
		return nil
	}
	list := p.fields(root, []string{"waivers"})["waivers"]
	if list == nil || isNull(list) {
		return nil
	}
	if list.Kind != yaml.SequenceNode {
		p.problem(list, "waivers: want a list, found %s", kind(list))
		return nil
	}
	var found []report.Waiver
	ends := listfile.Ends(p.content, list.Content)
	for i, node := range list.Content {
		if waiver, ok := p.waiver(node); ok {
			waiver.EndLine = ends[i]
			p.twice(waiver, node)
			found = append(found, waiver)
		}
	}
	return found
}

// fields are the values of a map by key. It reports keys that are not known or
// given twice.
func (p *parser) fields(node *yaml.Node, known []string) map[string]*yaml.Node {
	fields := map[string]*yaml.Node{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case !slices.Contains(known, key.Value):
			p.problem(key, "unknown key %q%s", key.Value, meant(key.Value, known))
		case fields[key.Value] != nil:
			p.problem(key, "%s is given twice, first on line %d", key.Value, fields[key.Value].Line)
		default:
			fields[key.Value] = value
		}
	}
	return fields
}

// waiver reads one item of the list.
func (p *parser) waiver(node *yaml.Node) (report.Waiver, bool) {
	if node.Kind != yaml.MappingNode {
		p.problem(node, "want a waiver (%s), found %s", strings.Join(keys, ", "), kind(node))
		return report.Waiver{}, false
	}
	before := len(p.problems)
	fields := p.fields(node, keys)
	for _, key := range required {
		if fields[key] == nil {
			p.problem(node, "%s is missing from the waiver%s", key, example(key))
		}
	}
	waiver := report.Waiver{
		Rule:         p.text(fields, "rule"),
		Resource:     p.text(fields, "resource"),
		Environments: p.environments(fields["environments"]),
		Reason:       p.text(fields, "reason"),
		Approver:     p.text(fields, "approver"),
		Ticket:       p.text(fields, "ticket"),
		Expires:      p.text(fields, "expires"),
		Line:         node.Line,
	}
	if strings.HasPrefix(waiver.Rule, prefix) {
		p.problem(fields["rule"], "rule: %s is about waivers and cannot be waived", waiver.Rule)
	}
	if strings.ContainsAny(waiver.Rule, "*?") {
		p.problem(fields["rule"], "rule: want the ID of one rule, found the pattern %q", waiver.Rule)
	}
	if waiver.Expires != "" {
		if _, err := time.Parse(time.DateOnly, waiver.Expires); err != nil {
			p.problem(fields["expires"], "expires: want a day such as 2027-02-01, found %q", waiver.Expires)
		}
	}
	return waiver, len(p.problems) == before
}

// example shows what a key may hold, where its name does not tell.
func example(key string) string {
	return map[string]string{
		"resource": ", such as aws:rds/instance:Instance::portal-*",
		"reason":   ": why is the risk accepted?",
		"approver": ": who approved it?",
		"ticket":   ": where was it approved?",
		"expires":  ", a day such as 2027-02-01",
	}[key]
}

// text reads a value that must say something. A date is a text to people.
func (p *parser) text(fields map[string]*yaml.Node, key string) string {
	node := fields[key]
	switch {
	case node == nil:
	case node.Kind != yaml.ScalarNode || isNull(node):
		p.problem(node, "%s: want a text, found %s", key, kind(node))
	case node.Tag != "!!str" && node.Tag != "!!timestamp":
		p.problem(node, "%s: want a text, found %s: put it in quotes", key, node.Value)
	case strings.TrimSpace(node.Value) == "":
		p.problem(node, "%s: want a text, found an empty one", key)
	default:
		return node.Value
	}
	return ""
}

func (p *parser) environments(node *yaml.Node) []string {
	if node == nil {
		return nil
	}
	if node.Kind != yaml.SequenceNode || len(node.Content) == 0 {
		p.problem(node, "environments: want a list such as [staging], found %s; leave it out for all", kind(node))
		return nil
	}
	var names []string
	for _, item := range node.Content {
		name := p.text(map[string]*yaml.Node{"environments": item}, "environments")
		if slices.Contains(names, name) {
			p.problem(item, "environments: %s is given twice", name)
		}
		names = append(names, name)
	}
	return names
}

// twice reports a waiver that says again what an earlier one says.
func (p *parser) twice(w report.Waiver, node *yaml.Node) {
	key := [2]string{w.Rule, w.Resource}
	for _, earlier := range p.seen[key] {
		if overlap(earlier.Environments, w.Environments) {
			p.problem(node, "%s is waived for %s already on line %d", w.Rule, w.Resource, earlier.Line)
			return
		}
	}
	p.seen[key] = append(p.seen[key], w)
}

// overlap tells whether two lists of environments share one; empty is all.
func overlap(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(name string) bool { return slices.Contains(b, name) })
}

func isNull(node *yaml.Node) bool { return node.Tag == "!!null" }

// kind names what a node is, for messages.
func kind(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.AliasNode:
		return "an alias: write its value out"
	case node.Kind == yaml.MappingNode:
		return "a map"
	case node.Kind == yaml.SequenceNode && len(node.Content) == 0:
		return "an empty list"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(node):
		return "nothing"
	default:
		return fmt.Sprintf("%q", node.Value)
	}
}

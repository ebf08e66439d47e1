package edit

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// entry is a key of a mapping and its value, nil when it is not there.
func entry(mapping *yaml.Node, key string) (*yaml.Node, *yaml.Node) {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i], mapping.Content[i+1]
		}
	}
	return nil, nil
}

// find is the list of packages, nil when there is none.
func (d *document) find() *yaml.Node {
	node := d.root
	for _, key := range packagesPath() {
		_, node = entry(node, key)
	}
	return node
}

// flow says that a node is written with brackets or braces.
func flow(node *yaml.Node) bool { return node.Style&yaml.FlowStyle != 0 }

// add puts a package behind the others, and makes what is missing around it. No
// package at all makes an empty list.
func (d *document) add(item *yaml.Node) []splice {
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if item == nil {
		list.Style = yaml.FlowStyle
	} else {
		list.Content = []*yaml.Node{item}
	}
	if d.packages != nil {
		return d.extend(list)
	}
	// The deepest mapping that is there gets what is missing below it.
	holder, key, path := d.root, (*yaml.Node)(nil), packagesPath()
	for len(path) > 1 {
		k, next := entry(holder, path[0])
		if next == nil {
			break
		}
		key, holder, path = k, next, path[1:]
	}
	missing := list
	for _, name := range slices.Backward(path) {
		missing = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{scalar(name), missing}}
	}
	switch {
	case holder.Kind != yaml.MappingNode:
		return nil
	case len(holder.Content) == 0 && flow(holder):
		return d.open(key, holder, missing)
	case flow(holder):
		return nil
	}
	depth := holder.Column - 1
	return []splice{d.text.after(d.text.end(holder, holder.Line, depth, false), lines(missing, depth))}
}

// extend puts the one item of a list behind those that are there.
func (d *document) extend(list *yaml.Node) []splice {
	key, _ := d.keyOf(d.packages)
	switch {
	case len(d.packages.Content) == 0:
		return d.open(key, d.packages, list)
	case flow(d.packages):
		return d.unfold(key, list)
	}
	depth := d.packages.Column - 1
	last := d.packages.Content[len(d.packages.Content)-1]
	return []splice{d.text.after(d.text.end(last, last.Line, depth+1, false), lines(list, depth))}
}

// keyOf is the key whose value is the list of packages, and the mapping around it.
func (d *document) keyOf(list *yaml.Node) (key, mapping *yaml.Node) {
	node := d.root
	for _, name := range packagesPath() {
		mapping = node
		key, node = entry(node, name)
	}
	if node != list {
		return nil, nil
	}
	return key, mapping
}

// open writes a block below a key in place of its empty [] or {}.
func (d *document) open(key, empty, block *yaml.Node) []splice {
	from, to, ok := d.text.token(empty)
	if !ok || key == nil || key.Line != empty.Line {
		return nil
	}
	// The space in front of the brackets goes with them.
	for from > 0 && d.text.content[from-1] == ' ' {
		from--
	}
	return []splice{{from, to, ""}, d.text.after(key.Line, lines(block, key.Column+1))}
}

// unfold writes a list in brackets, which is on one line, a package below the
// other, with those of a list behind.
func (d *document) unfold(key, list *yaml.Node) []splice {
	from := d.text.offset(d.packages)
	line := d.text.line(d.packages.Line)
	rest := line[from-d.text.starts[d.packages.Line-1]:]
	end := strings.LastIndexByte(rest, ']')
	if key.Line != d.packages.Line || deepest(d.packages) != key.Line || end < 0 || strings.TrimSpace(rest[end+1:]) != "" {
		return nil
	}
	for from > 0 && d.text.content[from-1] == ' ' {
		from--
	}
	whole := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, each := range d.packages.Content {
		block := *each
		block.Style &^= yaml.FlowStyle
		whole.Content = append(whole.Content, &block)
	}
	whole.Content = append(whole.Content, list.Content...)
	return []splice{
		{from, d.text.starts[d.packages.Line-1] + len(line), ""},
		d.text.after(key.Line, lines(whole, key.Column+1)),
	}
}

// drop takes the package at an index out.
func (d *document) drop(at int) []splice {
	item := d.packages.Content[at]
	if flow(d.packages) {
		return d.fold(at)
	}
	depth := d.packages.Column - 1
	cut := d.text.replace(item.Line, d.text.end(item, item.Line, depth+1, false), nil)
	if len(d.packages.Content) > 1 {
		return []splice{cut}
	}
	key, _ := d.keyOf(d.packages)
	colon := strings.IndexByte(d.text.line(key.Line)[key.Column-1:], ':')
	if colon < 0 {
		return nil
	}
	at = d.text.offset(key) + colon + 1
	return []splice{{at, at, " []"}, cut}
}

// fold takes a package out of a list in brackets.
func (d *document) fold(at int) []splice {
	items := d.packages.Content
	if deepest(d.packages) != d.packages.Line {
		return nil
	}
	from := d.text.offset(items[at])
	if at+1 < len(items) {
		return []splice{{from, d.text.offset(items[at+1]), ""}}
	}
	line := d.text.line(d.packages.Line)
	end := strings.LastIndexByte(line, ']')
	if end < 0 {
		return nil
	}
	if at > 0 {
		// From the comma behind the one before.
		before := string(d.text.content[:from])
		from = strings.LastIndexByte(before, ',')
	}
	return []splice{{from, d.text.starts[d.packages.Line-1] + end, ""}}
}

// change makes a package what it should be, and returns what its value is then:
// keys that only repeat their default stay.
func (d *document) change(old, want *yaml.Node) ([]splice, any) {
	before, _ := value(old).(map[string]any)
	after, _ := value(want).(map[string]any)
	edits := []splice{}
	for key, was := range before {
		if _, wanted := after[key]; !wanted && reflect.ValueOf(was).IsValid() && isDefault(was) {
			after[key] = was
		}
	}
	for i := 0; i+1 < len(want.Content); i += 2 {
		key, to := want.Content[i].Value, want.Content[i+1]
		if was, there := before[key]; there && reflect.DeepEqual(was, after[key]) {
			continue
		}
		_, from := entry(old, key)
		if from == nil || from.Kind != yaml.ScalarNode || to.Kind != yaml.ScalarNode {
			return d.rewrite(old, want, after)
		}
		first, last, ok := d.text.token(from)
		if !ok {
			return d.rewrite(old, want, after)
		}
		edits = append(edits, splice{first, last, strings.TrimSuffix(lines(to, 0)[0], "\n")})
	}
	for key := range before {
		if _, wanted := after[key]; !wanted {
			return d.rewrite(old, want, after)
		}
	}
	return edits, after
}

func isDefault(v any) bool {
	list, isList := v.([]any)
	mapping, isMapping := v.(map[string]any)
	return v == any(false) || isList && len(list) == 0 || isMapping && len(mapping) == 0
}

// rewrite writes a package anew where it stands, unless a comment would be lost.
func (d *document) rewrite(old, want *yaml.Node, after any) ([]splice, any) {
	if commented(old, true) || flow(d.packages) {
		return nil, after
	}
	// Defaults that were written out are not written again.
	depth := d.packages.Column - 1
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{want}}
	edit := d.text.replace(old.Line, d.text.end(old, old.Line, depth+1, false), lines(list, depth))
	return []splice{edit}, value(want)
}

// commented says that there is a comment in a node; above the node itself it does
// not count.
func commented(node *yaml.Node, top bool) bool {
	if node.LineComment != "" || !top && (node.HeadComment != "" || node.FootComment != "") {
		return true
	}
	return slices.ContainsFunc(node.Content, func(each *yaml.Node) bool { return commented(each, false) })
}

package waivers

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/report"
)

// Append adds waivers at the end of a file's content and leaves the rest as it
// is, with its comments. An empty content becomes a new file. It refuses what
// Parse would refuse of the outcome.
func Append(content []byte, waivers []report.Waiver) ([]byte, error) {
	before, err := Parse(FileName, content)
	if err != nil {
		return nil, err
	}
	if len(waivers) == 0 {
		return content, nil
	}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("append waivers: %w", err)
	}
	items, err := encode(waivers)
	if err != nil {
		return nil, fmt.Errorf("append waivers: %w", err)
	}
	head, indent, err := openList(content, &document)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Write(head)
	if len(head) > 0 && !bytes.HasSuffix(head, []byte("\n")) {
		out.WriteByte('\n')
	}
	for line := range strings.Lines(string(items)) {
		if strings.TrimSpace(line) != "" {
			out.WriteString(indent)
		}
		out.WriteString(line)
	}
	// The text was edited, not the tree: see that it says what it should.
	after, err := Parse(FileName, out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("append waivers: %w", err)
	}
	if len(after) != len(before)+len(waivers) {
		return nil, fmt.Errorf("append waivers: %s is written in an unusual way; add them by hand", FileName)
	}
	return out.Bytes(), nil
}

// encode writes the items of the list.
func encode(waivers []report.Waiver) ([]byte, error) {
	list := yaml.Node{Kind: yaml.SequenceNode}
	for _, w := range waivers {
		item := &yaml.Node{Kind: yaml.MappingNode}
		add := func(key string, value *yaml.Node) { item.Content = append(item.Content, text(key), value) }
		add("rule", text(w.Rule))
		add("resource", text(w.Resource))
		if len(w.Environments) > 0 {
			names := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for _, name := range w.Environments {
				names.Content = append(names.Content, text(name))
			}
			add("environments", names)
		}
		add("reason", text(w.Reason))
		add("approver", text(w.Approver))
		add("ticket", text(w.Ticket))
		// A day needs no quotes: Parse takes it for the text that it is.
		add("expires", &yaml.Node{Kind: yaml.ScalarNode, Value: w.Expires})
		list.Content = append(list.Content, item)
	}
	return yaml.Marshal(&list)
}

// text is a text as a node. One of several lines goes in quotes: the lines of a
// block would change their meaning when the item is indented.
func text(value string) *yaml.Node {
	node := new(yaml.Node)
	node.SetString(value)
	if strings.Contains(value, "\n") {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// openList is the content, ending where the next item of the list belongs, and
// the indentation of its items. The list is the only thing in the file, so that
// its end is the file's.
func openList(content []byte, document *yaml.Node) (head []byte, indent string, err error) {
	var list *yaml.Node
	if len(document.Content) > 0 && document.Content[0].Kind == yaml.MappingNode && len(document.Content[0].Content) > 0 {
		list = document.Content[0].Content[1]
	}
	switch {
	case list == nil:
		if len(content) > 0 && !bytes.HasSuffix(content, []byte("\n")) {
			content = append(content[:len(content):len(content)], '\n')
		}
		return append(content[:len(content):len(content)], "waivers:\n"...), "", nil
	case len(list.Content) == 0:
		return withoutValue(content, list), "", nil
	case list.Style&yaml.FlowStyle != 0:
		return nil, "", fmt.Errorf("append waivers: write the list on line %d with a dash for each waiver first", list.Line)
	default:
		return content, strings.Repeat(" ", list.Column-1), nil
	}
}

// withoutValue cuts an empty list ("[]", "null" or "~") out of its line.
func withoutValue(content []byte, list *yaml.Node) []byte {
	lines := bytes.SplitAfter(content, []byte("\n"))
	line := lines[list.Line-1]
	for _, empty := range []string{"[]", "null", "~"} {
		if at := list.Column - 1; at < len(line) && bytes.HasPrefix(line[at:], []byte(empty)) {
			rest := line[at+len(empty):]
			lines[list.Line-1] = append(bytes.TrimRight(line[:at:at], " "), rest...)
			break
		}
	}
	return bytes.Join(lines, nil)
}

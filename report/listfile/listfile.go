// Package listfile adds items to YAML files that hold one list, such as waivers
// and attestations, and leaves what people wrote in them as it is, with its
// comments.
package listfile

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// Append adds the items of a list node at the end of the list that is the only
// thing in a file, under key. An empty content becomes a new file.
func Append(content []byte, key string, items *yaml.Node) ([]byte, error) {
	if len(items.Content) == 0 {
		return content, nil
	}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	text, err := yaml.Marshal(items)
	if err != nil {
		return nil, fmt.Errorf("write the items: %w", err)
	}
	head, indent, err := openList(content, key, &document)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Write(head)
	if len(head) > 0 && !bytes.HasSuffix(head, []byte("\n")) {
		out.WriteByte('\n')
	}
	for line := range strings.Lines(string(text)) {
		if strings.TrimSpace(line) != "" {
			out.WriteString(indent)
		}
		out.WriteString(line)
	}
	return out.Bytes(), nil
}

// Item is a map node of keys and texts in their order; a key without a value is
// left out.
func Item(pairs ...[2]string) *yaml.Node {
	item := &yaml.Node{Kind: yaml.MappingNode}
	for _, pair := range pairs {
		if pair[1] != "" {
			item.Content = append(item.Content, Text(pair[0]), Text(pair[1]))
		}
	}
	return item
}

// Texts is a list of texts on one line.
func Texts(values []string) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, value := range values {
		list.Content = append(list.Content, Text(value))
	}
	return list
}

// Text is a text as a node. One of several lines goes in quotes: the lines of a
// block would change their meaning when the item is indented.
func Text(value string) *yaml.Node {
	node := new(yaml.Node)
	node.SetString(value)
	if strings.Contains(value, "\n") {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// Day is a day such as 2027-02-01, which people write without quotes.
func Day(value string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: value} }

// openList is the content, ending where the next item of the list belongs, and
// the indentation of its items. The list is the only thing in the file, so that
// its end is the file's.
func openList(content []byte, key string, document *yaml.Node) (head []byte, indent string, err error) {
	var list *yaml.Node
	if len(document.Content) > 0 && document.Content[0].Kind == yaml.MappingNode && len(document.Content[0].Content) > 0 {
		list = document.Content[0].Content[1]
	}
	switch {
	case list == nil:
		if len(content) > 0 && !bytes.HasSuffix(content, []byte("\n")) {
			content = append(content[:len(content):len(content)], '\n')
		}
		return append(content[:len(content):len(content)], key+":\n"...), "", nil
	case len(list.Content) == 0:
		return withoutValue(content, list), "", nil
	case list.Style&yaml.FlowStyle != 0:
		return nil, "", fmt.Errorf("write the list on line %d with a dash for each item first", list.Line)
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

package waivers

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"gatehouse/report"
	"gatehouse/report/listfile"
)

// Append adds waivers at the end of a file's content and leaves the rest as it
// is, with its comments. An empty content becomes a new file. It refuses what
// Parse would refuse of the outcome.
func Append(content []byte, waivers []report.Waiver) ([]byte, error) {
	before, err := Parse(FileName, content)
	if err != nil {
		return nil, err
	}
	out, err := listfile.Append(content, "waivers", encode(waivers))
	if err != nil {
		return nil, fmt.Errorf("append waivers: %w", err)
	}
	// The text was edited, not the tree: see that it says what it should.
	after, err := Parse(FileName, out)
	if err != nil {
		return nil, fmt.Errorf("append waivers: %w", err)
	}
	if len(after) != len(before)+len(waivers) {
		return nil, fmt.Errorf("append waivers: %s is written in an unusual way; add them by hand", FileName)
	}
	return out, nil
}

// encode makes the items of the list.
func encode(waivers []report.Waiver) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, w := range waivers {
		item := listfile.Item([2]string{"rule", w.Rule}, [2]string{"resource", w.Resource})
		add := func(key string, value *yaml.Node) {
			item.Content = append(item.Content, listfile.Text(key), value)
		}
		if len(w.Environments) > 0 {
			add("environments", listfile.Texts(w.Environments))
		}
		add("reason", listfile.Text(w.Reason))
		add("approver", listfile.Text(w.Approver))
		add("ticket", listfile.Text(w.Ticket))
		// A day needs no quotes: Parse takes it for the text that it is.
		add("expires", listfile.Day(w.Expires))
		list.Content = append(list.Content, item)
	}
	return list
}

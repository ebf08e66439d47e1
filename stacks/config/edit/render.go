package edit

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/stacks/config"
)

// packageNode is a package as a file has it: what is only its default is left out.
func packageNode(p config.Package) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	put := func(key string, value *yaml.Node) { node.Content = append(node.Content, scalar(key), value) }
	put("name", scalar(string(p.Name)))
	put("version", scalar(string(p.Version)))
	put("integrity", scalar(string(p.Integrity)))
	if p.Strategy != nil {
		put("strategy", scalar(string(*p.Strategy)))
	}
	if len(p.AppConfig) > 0 {
		put("appConfig", encoded(p.AppConfig))
	}
	if len(p.Accept) > 0 {
		list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, e := range p.Accept {
			list.Content = append(list.Content, &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{
				scalar("step"), scalar(string(e.Step)), scalar("id"), scalar(e.ID),
				scalar("reason"), scalar(e.Reason), scalar("expires"), scalar(string(e.Expires)),
			}})
		}
		put("accept", list)
	}
	if p.RequireProvenance {
		put("requireProvenance", encoded(true))
	}
	return node
}

func scalar(text string) *yaml.Node {
	var node yaml.Node
	node.SetString(text)
	return &node
}

// encoded is a value of the types that YAML has.
func encoded(value any) *yaml.Node {
	var node yaml.Node
	if err := node.Encode(value); err != nil {
		panic(fmt.Sprintf("edit: write %T: %v", value, err))
	}
	return &node
}

// lines writes a node with an indent in front of each line.
func lines(node *yaml.Node, indent int) []string {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		panic(fmt.Sprintf("edit: write YAML: %v", err))
	}
	all := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i, line := range all {
		if line != "" {
			all[i] = strings.Repeat(" ", indent) + line
		}
	}
	return all
}

// byHand is what a person is to write.
func byHand(item *yaml.Node) string {
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{item}}
	whole := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{scalar("packages"), list}}
	return strings.Join(lines(whole, 4), "\n")
}

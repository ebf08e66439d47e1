package evaluate

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// handles are the outputs by which others refer to a resource; the last two only
// in AWS, where names are unique enough.
var handles = []resource.PropertyKey{"id", "arn", "name", "bucket"}

// link finds, for every top-level property, the resources that its value is made
// from: as Pulumi says, and by their names, which a state has and a first
// preview has not.
func (g *graph) link() {
	by := map[string][]string{}
	for _, n := range g.nodes {
		for i, name := range handles {
			value := n.resource.Outputs[name]
			if i > 1 && !strings.HasPrefix(n.resource.Type, "aws:") || !value.IsString() || value.StringValue() == "" {
				continue
			}
			if text := value.StringValue(); !slices.Contains(by[text], n.resource.URN) {
				by[text] = append(by[text], n.resource.URN)
			}
		}
	}
	for _, n := range g.nodes {
		n.links = map[string][]string{}
		for property, urns := range n.resource.PropertyDependencies {
			for _, urn := range urns {
				n.linkTo(g, property, urn)
			}
		}
		if len(by) == 0 {
			continue // manifests have no outputs
		}
		for property, value := range n.resource.Properties {
			eachText(value, func(text string) {
				for _, urn := range by[text] {
					n.linkTo(g, string(property), urn)
				}
			})
		}
	}
}

func (n *node) linkTo(g *graph, property, urn string) {
	if g.byURN[urn] != nil && urn != n.resource.URN && !slices.Contains(n.links[property], urn) {
		n.links[property] = append(n.links[property], urn)
	}
}

// eachText calls do with every text in a value.
func eachText(v resource.PropertyValue, do func(string)) {
	switch {
	case v.IsString():
		do(v.StringValue())
	case v.IsArray():
		for _, element := range v.ArrayValue() {
			eachText(element, do)
		}
	case v.IsObject():
		for _, element := range v.ObjectValue() {
			eachText(element, do)
		}
	case v.IsSecret():
		eachText(v.SecretValue().Element, do)
	case v.IsOutput() && v.OutputValue().Known:
		eachText(v.OutputValue().Element, do)
	}
}

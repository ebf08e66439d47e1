package evaluate

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// identify finds the IDs that the engine does not send: the value of a property
// like subnetId, which Pulumi says is made from one resource and which is none of
// its outputs, is the ID of that resource.
func (g *graph) identify() {
	for _, n := range g.nodes {
		for property, urns := range n.resource.PropertyDependencies {
			value := n.resource.Properties[resource.PropertyKey(property)]
			if !strings.HasSuffix(property, "Id") || len(urns) != 1 || !value.IsString() {
				continue
			}
			target := g.byURN[urns[0]]
			if target == nil || target.resource.Outputs["id"].HasValue() || given(target.resource.Outputs, value) {
				continue
			}
			outputs := resource.PropertyMap{"id": value}
			for key, output := range target.resource.Outputs {
				if key != "id" {
					outputs[key] = output
				}
			}
			target.resource.Outputs = outputs
			target.outputs = newDocument(outputs)
		}
	}
}

// given tells whether a value is one of the outputs.
func given(outputs resource.PropertyMap, value resource.PropertyValue) bool {
	for _, output := range outputs {
		if output.DeepEquals(value) {
			return true
		}
	}
	return false
}

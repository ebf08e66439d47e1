package engine

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/stacks"
)

// layerToken begins the type of every layer's component, and so the type chain
// in the URN of everything under it.
const layerToken = "gatehouse:layer:"

// layerOf tells which layer a URN belongs to, "" for none.
func layerOf(urn string) string {
	_, rest, found := strings.Cut(urn, layerToken)
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, "::")
	name, _, _ = strings.Cut(name, "$")
	return name
}

// targets returns the URN patterns of all layers up to and including layer;
// none means everything.
func targets(stack, layer string) ([]string, error) {
	if layer == "" {
		return nil, nil
	}
	layers := stacks.Layers()
	last := slices.Index(layers, layer)
	if last < 0 {
		return nil, fmt.Errorf("unknown layer %q: the layers are %s", layer, strings.Join(layers, ", "))
	}
	var patterns []string
	for _, name := range layers[:last+1] {
		patterns = append(patterns, fmt.Sprintf("urn:pulumi:%s::gatehouse::%s%s**", stack, layerToken, name))
	}
	return patterns, nil
}

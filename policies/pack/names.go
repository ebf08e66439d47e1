package pack

import (
	"fmt"
	"slices"
)

// describeNames takes over which texts the rule does not look into. What is read
// wholly is looked into, so that nothing of it can be a name.
func (r *Rule) describeNames(c *custom) {
	looked := r.Reads
	for _, name := range []Name{Whole, Image} {
		for _, read := range c.reads(string(name), false) {
			into := slices.ContainsFunc(looked, func(other Read) bool {
				overlap := Overlap(read.Path, other.Path) || Overlap(other.Path, read.Path)
				return len(other.Path) <= len(read.Path) && overlap && (Matches(other.Type, read.Type) || Matches(read.Type, other.Type))
			})
			if into && c.err == nil {
				c.err = fmt.Errorf("custom.%s: %s is among what the rule looks into: name it once", name, read.Path)
			}
			read.Name = name
			r.Reads = append(r.Reads, read)
		}
	}
	if r.Graph && len(r.Reads) > len(looked) && c.err == nil {
		c.err = fmt.Errorf("custom.%s: a rule about the stack is asked once: write the paths under contents", Whole)
	}
	r.Unless = c.text("unless")
	if parameters, _ := c.values["parameters"].(map[string]any); r.Unless != "" && parameters[r.Unless] == nil && c.err == nil {
		c.err = fmt.Errorf("custom.unless: %s is none of the rule's parameters", r.Unless)
	}
}

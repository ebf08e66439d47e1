package cases

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/evaluate"
	"gatehouse/policies/input"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

// mutation is a case with one value that nobody knows.
type mutation struct {
	what string
	c    Case
}

// mutations makes every single value of a case unknown in turn. They hold a
// rule to its METADATA: one that looks at a property which its reads do not
// name, or whose denial points elsewhere, decides what cannot be decided.
func mutations(c Case) []mutation {
	if c.Group == Undecided {
		return nil
	}
	var all []mutation
	for i, r := range c.Resources {
		for _, path := range leaves(nil, resource.NewObjectProperty(r.Properties)) {
			changed := c
			changed.Resources = slices.Clone(c.Resources)
			changed.Resources[i] = without(r, path)
			all = append(all, mutation{r.Name + "'s " + path.String(), changed})
		}
	}
	return all
}

// unread makes every value that the rule says it does not read another one, and
// takes it away: nothing of this may change what the rule says, because what it
// has said of resources that agree in all it reads is remembered.
func (t tester) unread(c Case) []mutation {
	if t.rule.Graph {
		return nil
	}
	var all []mutation
	r := c.Resources[0]
	for _, path := range leaves(nil, resource.NewObjectProperty(r.Properties)) {
		whole, above := t.reads(r.Type, path)
		if whole {
			continue
		}
		add := func(properties resource.PropertyValue) {
			changed := c
			changed.Resources = []input.Resource{r}
			changed.Resources[0].Properties = properties.ObjectValue()
			all = append(all, mutation{path.String(), changed})
		}
		other := resource.NewObjectProperty(evaluate.Clone(r.Properties))
		was, _ := path.Get(other)
		path.Set(other, different(was))
		add(other)
		if _, element := path[len(path)-1].(int); !element && !above {
			gone := resource.NewObjectProperty(evaluate.Clone(r.Properties))
			path.Delete(gone)
			add(gone)
		}
	}
	return all
}

// renamed gives every text that the rule says it does not look into another name.
// What it says then must not depend on whether it sees the name or a stand-in.
func (t tester) renamed(c Case) []mutation {
	if t.rule.Graph {
		return nil
	}
	var all []mutation
	r := c.Resources[0]
	for _, path := range leaves(nil, resource.NewObjectProperty(r.Properties)) {
		named := slices.ContainsFunc(t.rule.Reads, func(read pack.Read) bool {
			return read.Name != "" && pack.Matches(read.Type, r.Type) && len(read.Path) == len(path) && pack.Overlap(path, read.Path)
		})
		was, _ := path.Get(resource.NewObjectProperty(r.Properties))
		if !named || !was.IsString() {
			continue
		}
		for _, text := range []string{"another", "another/" + was.StringValue(), "a.b:1/" + was.StringValue()} {
			other := resource.NewObjectProperty(evaluate.Clone(r.Properties))
			path.Set(other, resource.NewStringProperty(text))
			changed := c
			changed.Resources = []input.Resource{r}
			changed.Resources[0].Properties = other.ObjectValue()
			all = append(all, mutation{path.String(), changed})
		}
	}
	return all
}

// reads tells whether the rule reads a value wholly, or something below it: of a
// value that holds nothing it then sees that it is there, and of which kind. A
// rule that names no reads sees all.
func (t tester) reads(typ string, path resource.PropertyPath) (whole, above bool) {
	for _, read := range t.rule.Reads {
		if pack.Matches(read.Type, typ) && pack.Overlap(path, read.Path) {
			whole = whole || len(read.Path) <= len(path)
			above = true
		}
	}
	return whole || len(t.rule.Reads) == 0, above
}

func different(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsBool():
		return resource.NewBoolProperty(!v.BoolValue())
	case v.IsNumber():
		return resource.NewNumberProperty(v.NumberValue() + 1)
	default:
		return resource.NewStringProperty("another")
	}
}

// said is what a rule says of a case, without its words about the resource.
func said(findings []report.Finding) string {
	text := ""
	for _, f := range findings {
		text += string(f.Verdict) + " " + f.Path + " " + f.Message + "\n"
	}
	return text
}

// mutated tells what is wrong with the verdict on a mutation.
func (t tester) mutated(group Group, findings []report.Finding) string {
	denied := slices.ContainsFunc(findings, func(f report.Finding) bool { return f.Verdict == report.Deny })
	switch {
	case len(findings) == 0 && group == Fail:
		return "it passes: name the property in reads"
	case denied && group != Fail:
		return "it is denied: point the path at the value that decides, and name the property in reads"
	}
	return ""
}

// leaves are the paths of all values that hold no others. What is unknown or
// null already is none.
func leaves(path resource.PropertyPath, v resource.PropertyValue) []resource.PropertyPath {
	var all []resource.PropertyPath
	step := func(key any, v resource.PropertyValue) {
		all = append(all, leaves(append(slices.Clone(path), key), v)...)
	}
	switch {
	case v.IsObject() && len(v.ObjectValue()) > 0:
		for _, key := range v.ObjectValue().StableKeys() {
			step(string(key), v.ObjectValue()[key])
		}
	case v.IsArray() && len(v.ArrayValue()) > 0:
		for i, element := range v.ArrayValue() {
			step(i, element)
		}
	case v.IsSecret() || v.IsComputed() || v.IsNull() || len(path) == 0:
	default:
		all = append(all, path)
	}
	return all
}

// without returns the resource with one value unknown.
func without(r input.Resource, path resource.PropertyPath) input.Resource {
	root := resource.NewObjectProperty(evaluate.Clone(r.Properties))
	path.Set(root, resource.MakeComputed(resource.NewStringProperty("")))
	r.Properties = root.ObjectValue()
	return r
}

package cases

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
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
	root := copied(resource.NewObjectProperty(r.Properties))
	path.Set(root, resource.MakeComputed(resource.NewStringProperty("")))
	r.Properties = root.ObjectValue()
	return r
}

func copied(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsObject():
		m := resource.PropertyMap{}
		for key, element := range v.ObjectValue() {
			m[key] = copied(element)
		}
		return resource.NewObjectProperty(m)
	case v.IsArray():
		list := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, element := range v.ArrayValue() {
			list[i] = copied(element)
		}
		return resource.NewArrayProperty(list)
	default:
		return v
	}
}

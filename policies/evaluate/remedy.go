package evaluate

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/pack"
)

// change is one value that a rule would set.
type change struct {
	path  resource.PropertyPath
	value resource.PropertyValue
}

// remedied are what a rule would set, and the difference that it makes to every
// resource that looks the same to the rule; "" when they may differ.
type remedied struct {
	changes []change
	diff    string
}

// remedy is what a rule, by its index, would set.
func (e *Evaluator) remedy(ctx context.Context, rule int, s *subject) remedied {
	memo := s.query.of[rule]
	return s.query.memos[memo].remember(rule, s.seen(memo).keys, func() remedied { return s.remedied(rule, e.changes(ctx, rule, s)) })
}

// remedied is what a rule, by its index, makes of the resource by its changes.
func (s *subject) remedied(rule int, changes []change) remedied {
	made := remedied{changes: changes}
	plain := len(s.document.holes) == 0 && len(s.document.secrets) == 0
	if plain && !slices.ContainsFunc(made.changes, func(c change) bool { return !reaches(s.query.reads[rule], c.path) }) {
		_, made.diff = apply(s.resource.Properties, made.changes, s.document)
	}
	return made
}

// reaches tells whether one of the reads, or what is below it, is at a path.
func reaches(reads []pack.Read, path resource.PropertyPath) bool {
	return len(reads) == 0 || slices.ContainsFunc(reads, func(read pack.Read) bool {
		return read.Name == "" && len(read.Path) <= len(path) && pack.Overlap(path, read.Path)
	})
}

// diff has a line for each value before and after the remedy of a rule, by its
// index, which may have said it together with what it denies.
func (e *Evaluator) diff(ctx context.Context, rule int, s *subject, said saying) string {
	var made remedied
	if said.remedied != nil {
		made = *said.remedied
	} else {
		made = e.remedy(ctx, rule, s)
	}
	if made.diff != "" && len(s.document.holes) == 0 && len(s.document.secrets) == 0 {
		return made.diff
	}
	_, diff := apply(s.resource.Properties, made.changes, s.document)
	return diff
}

// changes are what the rule would set, by path; none when it fails, which its
// denial tells.
func (e *Evaluator) changes(ctx context.Context, index int, s *subject) []change {
	memo, n := s.query.memos[s.query.of[index]], s.names(index)
	rule, properties := s.query.rules[index], s.document.seen(memo.only(index), n)
	if e.tracer != nil { // who watches wants to see it all
		properties = s.document.value()
	}
	found, err := e.alone(ctx, remedySet, rule).ask(ctx, e, resourceInput(s.resource, properties, e.stack))
	if err != nil || n.misused(found[rule.ID].set) {
		return nil
	}
	return parseChanges(found[rule.ID].set)
}

// parseChanges reads {"path": [...], "value": …} of each, by path; none when one
// of them is none.
func parseChanges(set []any) []change {
	var changes []change
	for _, item := range set {
		fields, _ := item.(map[string]any)
		path, err := parsePath(fields["path"])
		if err != nil || len(path) == 0 {
			return nil
		}
		changes = append(changes, change{path, resource.NewPropertyValue(plain(fields["value"]))})
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.path.String(), b.path.String()) })
	return changes
}

// apply sets every value in a copy, which shares what no value is put into. What is unknown is not overwritten: it may
// be right already.
func apply(properties resource.PropertyMap, changes []change, d *document) (resource.PropertyMap, string) {
	if len(changes) == 0 {
		return properties, ""
	}
	root := resource.NewObjectProperty(properties)
	var diff strings.Builder
	for _, c := range changes {
		if slices.ContainsFunc(d.holes, func(h hole) bool { return pack.Overlap(h.path, c.path) }) {
			continue
		}
		before, had := c.path.Get(root)
		if had && before.DeepEquals(c.value) {
			continue
		}
		if changed, ok := c.path.Add(along(root, c.path), c.value); ok {
			root = changed
		} else {
			continue
		}
		if had {
			fmt.Fprintf(&diff, "- %s: %s\n", c.path, show(before))
		}
		fmt.Fprintf(&diff, "+ %s: %s\n", c.path, show(c.value))
	}
	return root.ObjectValue(), redact(diff.String(), d.secrets)
}

// along copies the objects and lists that a path leads through.
func along(v resource.PropertyValue, path resource.PropertyPath) resource.PropertyValue {
	if len(path) == 0 {
		return v
	}
	key, _ := path[0].(string)
	index, isIndex := path[0].(int)
	switch {
	case v.IsObject() && !isIndex:
		m := make(resource.PropertyMap, len(v.ObjectValue())+1)
		maps.Copy(m, v.ObjectValue())
		if below, has := m[resource.PropertyKey(key)]; has {
			m[resource.PropertyKey(key)] = along(below, path[1:])
		}
		return resource.NewObjectProperty(m)
	case v.IsArray() && isIndex && index >= 0 && index < len(v.ArrayValue()):
		list := slices.Clone(v.ArrayValue())
		list[index] = along(list[index], path[1:])
		return resource.NewArrayProperty(list)
	default:
		return v
	}
}

// Clone copies properties with everything below them.
func Clone(m resource.PropertyMap) resource.PropertyMap {
	out := make(resource.PropertyMap, len(m))
	for key, value := range m {
		out[key] = copyValue(value)
	}
	return out
}

func copyValue(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsObject():
		return resource.NewObjectProperty(Clone(v.ObjectValue()))
	case v.IsArray():
		out := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, element := range v.ArrayValue() {
			out[i] = copyValue(element)
		}
		return resource.NewArrayProperty(out)
	case v.IsSecret():
		return resource.MakeSecret(copyValue(v.SecretValue().Element))
	default:
		return v
	}
}

// plain turns Rego's numbers into Go's.
func plain(value any) any {
	switch value := value.(type) {
	case json.Number:
		f, _ := value.Float64()
		return f
	case []any:
		for i := range value {
			value[i] = plain(value[i])
		}
		return value
	case map[string]any:
		for key := range value {
			value[key] = plain(value[key])
		}
		return value
	default:
		return value
	}
}

// show is a value on one line, without secrets.
func show(v resource.PropertyValue) string {
	if v.ContainsSecrets() {
		return redacted
	}
	text, err := json.Marshal(v.Mappable())
	if err != nil {
		return "…"
	}
	return string(text)
}

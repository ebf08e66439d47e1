package evaluate

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
	"gatehouse/policies/pack"
)

// change is one value that a rule would set.
type change struct {
	path  resource.PropertyPath
	value resource.PropertyValue
}

// remedy returns the properties as the rule would have them and the difference;
// "" when it would change nothing, or cannot.
func (e *Evaluator) remedy(ctx context.Context, rule pack.Rule, r input.Resource) (resource.PropertyMap, string) {
	d := newDocument(r.Properties)
	q := e.query(ctx, r.Type)
	changes := q.memo.remember(q.index[rule.ID], r, func() []change { return e.changes(ctx, rule, r, d) })
	return apply(r.Properties, changes, d)
}

// changes are what the rule would set, by path; none when it fails, which its
// denial tells.
func (e *Evaluator) changes(ctx context.Context, rule pack.Rule, r input.Resource, d document) []change {
	found, err := e.alone(ctx, "remedy", rule).ask(ctx, e, resourceInput(r, d.value(), e.stack))
	if err != nil {
		return nil
	}
	var changes []change
	for _, item := range found[rule.ID].set {
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

// apply sets every value in a copy. What is unknown is not overwritten: it may
// be right already.
func apply(properties resource.PropertyMap, changes []change, d document) (resource.PropertyMap, string) {
	if len(changes) == 0 {
		return properties, ""
	}
	root := resource.NewObjectProperty(Clone(properties))
	var diff strings.Builder
	for _, c := range changes {
		if slices.ContainsFunc(d.holes, func(h hole) bool { return pack.Overlap(h.path, c.path) }) {
			continue
		}
		before, had := c.path.Get(root)
		if had && before.DeepEquals(c.value) {
			continue
		}
		if changed, ok := c.path.Add(root, c.value); ok {
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

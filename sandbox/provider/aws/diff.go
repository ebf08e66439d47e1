package aws

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Diff compares recorded with new inputs. An unknown new value counts as a change.
func (p *standIn) Diff(_ context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	row, ok := p.rows[string(req.URN.Type())]
	if !ok {
		return plugin.DiffResponse{}, fmt.Errorf("diff %s: %s", req.URN.Name(), unknownType(string(req.URN.Type())))
	}
	p.remember(row, string(req.URN), string(req.ID), unwrap(req.OldInputs))
	diff := bare(req.OldInputs).Diff(bare(req.NewInputs), internalKey)
	if diff == nil {
		return plugin.DiffResponse{Changes: plugin.DiffNone}, nil
	}
	detailed := plugin.NewDetailedDiffFromObjectDiff(diff, true)
	replaces := map[resource.PropertyKey]bool{}
	for path, d := range detailed {
		name := root(path)
		if row.replaces(name) {
			detailed[path] = d.ToReplace()
			replaces[resource.PropertyKey(name)] = true
		}
	}
	out := plugin.DiffResponse{Changes: plugin.DiffSome, DetailedDiff: detailed, ChangedKeys: diff.ChangedKeys()}
	for k := range replaces {
		out.ReplaceKeys = append(out.ReplaceKeys, k)
	}
	// A resource whose name is given can not exist twice: the old one has to go first.
	if name := bare(req.NewInputs)[resource.PropertyKey(row.Name)]; len(replaces) > 0 && name.IsString() {
		out.DeleteBeforeReplace = !replaces[resource.PropertyKey(row.Name)] && !autonamed(req.URN.Name(), name.StringValue())
	}
	return out, nil
}

// replaces reports whether a change of the input replaces the resource.
func (row *Resource) replaces(name string) bool {
	if slices.Contains(row.Replace, name) {
		return true
	}
	if name == "tags" && (row.Tag != nil || row.Simulated) {
		return false
	}
	return slices.Contains(row.Replace, "*") || row.Update == nil && !row.Simulated
}

// root returns the first name of a property path.
func root(path string) string {
	if rest, ok := strings.CutPrefix(path, `["`); ok {
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	if i := strings.IndexAny(path, ".["); i > 0 {
		return path[:i]
	}
	return path
}

func internalKey(k resource.PropertyKey) bool { return strings.HasPrefix(string(k), "__") }

// bare removes the wrapping of secrets: a value that became secret is not a change of the resource.
func bare(m resource.PropertyMap) resource.PropertyMap {
	return bareValue(resource.NewObjectProperty(m)).ObjectValue()
}

func bareValue(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsSecret():
		return bareValue(v.SecretValue().Element)
	case v.IsOutput() && v.OutputValue().Known:
		return bareValue(v.OutputValue().Element)
	case v.IsOutput():
		return resource.MakeComputed(resource.NewStringProperty(""))
	case v.IsArray():
		out := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, e := range v.ArrayValue() {
			out[i] = bareValue(e)
		}
		return resource.NewArrayProperty(out)
	case v.IsObject():
		out := resource.PropertyMap{}
		for k, e := range v.ObjectValue() {
			out[k] = bareValue(e)
		}
		return resource.NewObjectProperty(out)
	default:
		return v
	}
}

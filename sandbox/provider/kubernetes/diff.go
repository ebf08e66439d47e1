package kubernetes

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Diff compares what the program said last time (or what a refresh found in its
// place) with what it says now, property by property, and says which changes
// need a new object.
func (p *Provider) Diff(ctx context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	old, new := revealAll(req.OldInputs), revealAll(req.NewInputs)
	kind, rules := schema.GroupKind{}, releaseIdentity()
	if !Simulated(string(req.Type)) {
		gvk, err := kindOf(req.Type, req.NewInputs)
		if err != nil {
			return plugin.DiffResponse{}, err
		}
		kind, rules = gvk.GroupKind(), append(p.identity(req.ID), immutables(gvk.GroupKind())...)
	}

	detail := plugin.NewDetailedDiffFromObjectDiff(old.Diff(new), true)
	replaced := false
	for _, rule := range rules {
		if !rule.changed(change{old, p.settings}, change{new, p.settings}) {
			continue
		}
		for path, diff := range detail {
			if rule.covers(path) {
				detail[path], replaced = diff.ToReplace(), true
			}
		}
	}
	if kind == jobKind && wantsReplacement(new) && p.unready(ctx, req) {
		detail["status"], replaced = plugin.PropertyDiff{Kind: plugin.DiffUpdateReplace}, true
	}
	if len(detail) == 0 {
		return plugin.DiffResponse{Changes: plugin.DiffNone}, nil
	}
	return plugin.DiffResponse{
		Changes:      plugin.DiffSome,
		DetailedDiff: detail,
		// A new object of the same name finds the old one in its place.
		DeleteBeforeReplace: replaced && sameName(old, new),
	}, nil
}

// identity is what makes an object this object and no other. A namespace that
// is left out is the one that the object is in.
func (p *Provider) identity(id resource.ID) []immutable {
	namespace, _ := splitID(id)
	effective := func(c change) string {
		if value := c.at("metadata", "namespace"); value != "" || c.props["metadata"].ContainsUnknowns() {
			return value
		}
		return namespace
	}
	return []immutable{
		{path: "metadata.name"},
		{path: "metadata.namespace", when: func(old, new change) bool { return effective(old) != effective(new) }},
		{path: "kind"},
	}
}

func sameName(old, new resource.PropertyMap) bool {
	for _, path := range [][]resource.PropertyKey{{"metadata", "name"}, {"metadata", "namespace"}, {"name"}, {"namespace"}} {
		was, _ := stringAt(old, path...)
		is, known := stringAt(new, path...)
		if was != is && (known || was != "") {
			return false
		}
	}
	automatic, _ := stringAt(new, "metadata", "annotations", annotationAutonamed)
	return automatic != "true"
}

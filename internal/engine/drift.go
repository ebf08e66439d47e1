package engine

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// properties returns the paths that differ in a step: what the provider named,
// and for a refresh, which has no provider's diff, what the state before and
// after says.
func properties(m apitype.StepEventMetadata) []string {
	if m.Op != apitype.OpRefresh {
		if len(m.DetailedDiff) > 0 {
			return slices.Sorted(maps.Keys(m.DetailedDiff))
		}
		return slices.Sorted(slices.Values(m.Diffs))
	}
	if m.Old == nil || m.New == nil {
		return nil
	}
	found := map[string]bool{}
	differ("", plain(m.Old.Inputs), plain(m.New.Inputs), found)
	return slices.Sorted(maps.Keys(found))
}

// plain brings both sides to the types of JSON, so that an int equals a float.
func plain(inputs map[string]any) any {
	text, err := json.Marshal(inputs)
	if err != nil {
		return nil
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil
	}
	return value
}

// differ adds the paths at which a and b differ, as deep as both are objects.
func differ(path string, a, b any, found map[string]bool) {
	left, isLeft := a.(map[string]any)
	right, isRight := b.(map[string]any)
	// A secret is an envelope, which says nothing of what is in it.
	if !isLeft || !isRight || left[resource.SigKey] != nil || right[resource.SigKey] != nil {
		if !reflect.DeepEqual(a, b) {
			found[path] = true
		}
		return
	}
	keys := maps.Clone(left)
	maps.Copy(keys, right)
	for key := range keys {
		if len(key) > 1 && key[:2] == "__" { // bookkeeping of providers
			continue
		}
		at := key
		if path != "" {
			at = path + "." + key
		}
		differ(at, left[key], right[key], found)
	}
}

package aws

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// record merges what was asked for with what AWS tells into the inputs and outputs to keep. Where both agree the
// input is kept as it was written (order of sets, spelling of JSON), so that only true drift shows. What AWS does
// not tell is kept as asked. With no inputs at all (an import) the inputs are what AWS tells.
func record(row *Resource, in, live props) (inputs, outputs props) {
	inputs, outputs = maps.Clone(in), props{}
	settable := properties(inputsOf(row))
	live = conceal(row, in, live)
	for name, t := range outputsOf(row) {
		want, asked := in[name]
		seen, told := live[name]
		switch {
		case asked && told:
			want, seen = settle(t, want, seen)
			put(inputs, name, want)
			put(outputs, name, seen)
		case asked:
			outputs[name] = want
		case told:
			put(outputs, name, seen)
			if _, ok := settable[name]; ok && len(in) == 0 {
				put(inputs, name, prune(seen))
			}
		}
	}
	if _, ok := outputsOf(row)["tagsAll"]; ok {
		put(outputs, "tagsAll", outputs["tags"])
	}
	return inputs, outputs
}

// put sets a value, or removes it when it is nil.
func put(p props, name string, v any) {
	if v = prune(v); v == nil {
		delete(p, name)
		return
	}
	p[name] = v
}

// prune removes nil fields at every depth.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := props{}
		for k, e := range v {
			if e = prune(e); e != nil {
				out[k] = e
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if e = prune(e); e != nil {
				out = append(out, e)
			}
		}
		return out
	default:
		return v
	}
}

// conceal removes the values that the emulator does not echo (Resource.Unseen) and the tags that are not the user's.
func conceal(row *Resource, in, live props) props {
	live = maps.Clone(live)
	for path := range row.Unseen {
		name, rest, nested := strings.Cut(path, ".")
		if !nested {
			if in != nil && in[name] != nil {
				delete(live, name)
			}
			continue
		}
		live[name] = without(live[name], rest)
	}
	if tags, ok := live["tags"].(map[string]any); ok {
		tags = maps.Clone(tags)
		maps.DeleteFunc(tags, func(k string, _ any) bool { return k == marker || strings.HasPrefix(k, "aws:") })
		live["tags"] = tags
	}
	return live
}

// without returns v less the field at a dotted path; through lists it applies to each element.
func without(v any, path string) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = without(e, path)
		}
		return out
	case map[string]any:
		out := maps.Clone(v)
		name, rest, nested := strings.Cut(path, ".")
		if nested {
			out[name] = without(out[name], rest)
		} else {
			delete(out, name)
		}
		return out
	default:
		return v
	}
}

// settle merges one value. It returns the value to keep as input (only what was asked for, as AWS tells it now) and
// as output (all that AWS tells).
func settle(t reflect.Type, want, seen any) (in, out any) {
	t = deref(t)
	switch w := want.(type) {
	case map[string]any:
		s, ok := seen.(map[string]any)
		if !ok {
			return missing(want, seen)
		}
		if t.Kind() == reflect.Map {
			return settleMap(w, s)
		}
		return settleStruct(t, w, s)
	case []any:
		s, ok := seen.([]any)
		if !ok {
			return missing(want, seen)
		}
		return settleList(t, w, s)
	default:
		if seen == nil {
			return missing(want, seen)
		}
		if same(want, seen) {
			return want, want
		}
		return seen, seen
	}
}

// missing decides about a value that AWS tells as empty: asked-for zero values are not drift.
func missing(want, seen any) (in, out any) {
	if seen == nil && isZero(want) {
		return want, want
	}
	return seen, seen
}

// settleMap compares free maps such as labels, where every key counts.
func settleMap(want, seen props) (in, out any) {
	merged := props{}
	for k, s := range seen {
		merged[k] = s
		if w, ok := want[k]; ok && same(w, s) {
			merged[k] = w
		}
	}
	return merged, merged
}

// settleStruct compares the asked-for fields; others are AWS's defaults.
func settleStruct(t reflect.Type, want, seen props) (in, out any) {
	inputs, outputs := props{}, maps.Clone(seen)
	fields := reflect.TypeFor[any]()
	for k, w := range want {
		s, told := seen[k]
		if !told {
			inputs[k], outputs[k] = w, w
			continue
		}
		ft := fields
		if t.Kind() == reflect.Struct {
			ft = properties(t)[k].Type
		}
		inputs[k], outputs[k] = settle(ft, w, s)
	}
	return inputs, outputs
}

// settleList pairs elements: AWS keeps most lists as sets, so equal elements match wherever they are.
func settleList(t reflect.Type, want, seen []any) (in, out any) {
	elem := reflect.TypeFor[any]()
	if t.Kind() == reflect.Slice {
		elem = t.Elem()
	}
	used := make([]bool, len(seen))
	size := max(len(want), len(seen)) // what nobody asked for comes last
	inputs, outputs := make([]any, size), make([]any, size)
	unmatched := []int{}
	for i, w := range want {
		found := false
		for j, s := range seen {
			if used[j] {
				continue
			}
			if si, so := settle(elem, w, s); same(w, prune(si)) {
				used[j], found = true, true
				inputs[i], outputs[i] = w, so
				break
			}
		}
		if !found {
			unmatched = append(unmatched, i)
		}
	}
	next := len(want)
	for j, s := range seen {
		if used[j] {
			continue
		}
		if len(unmatched) > 0 {
			i := unmatched[0]
			unmatched = unmatched[1:]
			inputs[i], outputs[i] = settle(elem, want[i], s)
			continue
		}
		inputs[next], outputs[next] = s, s
		next++
	}
	// What is asked for and not there leaves a shorter list, not a hole.
	for _, i := range slices.Backward(unmatched) {
		inputs, outputs = slices.Delete(inputs, i, i+1), slices.Delete(outputs, i, i+1)
	}
	return inputs, outputs
}

package aws

import (
	"encoding/json"
	"reflect"
	"strings"
)

// isZero reports whether a plain value says nothing: false, 0, "" or empty at every depth.
func isZero(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			if !isZero(e) {
				return false
			}
		}
		return true
	case []any:
		return len(v) == 0
	default:
		return v == nil || v == "" || v == false || v == 0.0
	}
}

// same compares plain values: numbers and booleans with their text, JSON documents by meaning.
func same(a, b any) bool {
	if reflect.DeepEqual(a, b) || isZero(a) && isZero(b) {
		return true
	}
	switch a.(type) {
	case string, float64, bool:
	default:
		return sameTree(a, b)
	}
	switch b.(type) {
	case string, float64, bool:
	default:
		return false
	}
	s, t := text(a), text(b)
	return s == t || sameJSON(s, t)
}

func sameTree(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for k := range b {
			if _, ok := a[k]; !ok && !isZero(b[k]) {
				return false
			}
		}
		for k := range a {
			if !same(a[k], b[k]) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i]) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

func sameJSON(a, b string) bool {
	if !strings.HasPrefix(strings.TrimSpace(a), "{") {
		return false
	}
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(respell(x), respell(y))
}

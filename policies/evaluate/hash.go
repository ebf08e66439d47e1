package evaluate

import (
	"hash/maphash"
	"math"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// The kinds of values, as they go into a hash.
const (
	absent = byte(iota)
	null
	truth
	figure
	word
	list
	mapping
	other
)

// hashOf is the hash of what a path leads to.
func hashOf(root resource.PropertyValue, path resource.PropertyPath) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	hashAt(&h, root, path)
	return h.Sum64()
}

// hashAt hashes what a path leads to, and on the way there what kind of value
// each step meets: a list without elements is not a missing one.
func hashAt(h *maphash.Hash, v resource.PropertyValue, path resource.PropertyPath) {
	v = bare(v)
	if len(path) == 0 {
		hashValue(h, v)
		return
	}
	step, rest := path[0], path[1:]
	switch {
	case v.IsObject():
		_ = h.WriteByte(mapping)
		if step == "*" {
			for key, element := range each(v.ObjectValue()) {
				_, _ = h.WriteString(key)
				hashAt(h, element, rest)
			}
			return
		}
		key, _ := step.(string)
		if element, has := v.ObjectValue()[resource.PropertyKey(key)]; has {
			hashAt(h, element, rest)
			return
		}
		_ = h.WriteByte(absent)
	case v.IsArray():
		_ = h.WriteByte(list)
		for i, element := range v.ArrayValue() {
			if step == "*" || step == i {
				maphash.WriteComparable(h, i)
				hashAt(h, element, rest)
			}
		}
	default:
		_ = h.WriteByte(kind(v)) // the path ends early: nothing is read
	}
}

// bare is what a rule sees of a value: what a secret or an output wraps.
func bare(v resource.PropertyValue) resource.PropertyValue {
	for {
		switch {
		case v.IsSecret():
			v = v.SecretValue().Element
		case v.IsOutput() && v.OutputValue().Known:
			v = v.OutputValue().Element
		default:
			return v
		}
	}
}

func hashValue(h *maphash.Hash, v resource.PropertyValue) {
	v = bare(v)
	_ = h.WriteByte(kind(v))
	switch {
	case v.IsBool():
		maphash.WriteComparable(h, v.BoolValue())
	case v.IsNumber():
		maphash.WriteComparable(h, math.Float64bits(v.NumberValue()))
	case v.IsString():
		maphash.WriteComparable(h, len(v.StringValue()))
		_, _ = h.WriteString(v.StringValue())
	case v.IsArray():
		maphash.WriteComparable(h, len(v.ArrayValue()))
		for _, element := range v.ArrayValue() {
			hashValue(h, element)
		}
	case v.IsObject():
		maphash.WriteComparable(h, len(v.ObjectValue()))
		for key, element := range each(v.ObjectValue()) {
			maphash.WriteComparable(h, len(key))
			_, _ = h.WriteString(key)
			hashValue(h, element)
		}
	case v.IsResourceReference():
		_, _ = h.WriteString(string(v.ResourceReferenceValue().URN))
	}
}

func kind(v resource.PropertyValue) byte {
	switch {
	case v.IsNull():
		return null
	case v.IsBool():
		return truth
	case v.IsNumber():
		return figure
	case v.IsString(), v.IsResourceReference():
		return word
	case v.IsArray():
		return list
	case v.IsObject():
		return mapping
	case v.IsComputed(), v.IsOutput():
		return absent
	default:
		return other
	}
}

// each goes through a map in the order of its keys.
func each(m resource.PropertyMap) func(yield func(string, resource.PropertyValue) bool) {
	return func(yield func(string, resource.PropertyValue) bool) {
		for _, key := range m.StableKeys() {
			if !yield(string(key), m[key]) {
				return
			}
		}
	}
}

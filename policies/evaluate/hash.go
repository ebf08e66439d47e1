package evaluate

import (
	"hash/maphash"
	"math"
	"slices"

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

// What goes into the hash of a path beside values: that it ends early, with how
// deep and at what kind; and which element it goes on by, with how many there
// were.
const (
	early = uint64(iota+1) << 32
	element
	elements
)

// seed makes the hashes of this process unlike those of any other: nobody can
// prepare two resources that pass for one.
var seed = maphash.MakeSeed()

// mix adds a value to a hash.
func mix(hash, value uint64) uint64 { return maphash.Comparable(seed, [2]uint64{hash, value}) }

// hashes has the hash of what each path leads to.
type hashes []uint64

func (h hashes) add(paths []int, value uint64) {
	for _, path := range paths {
		h[path] = mix(h[path], value)
	}
}

// walk hashes what the paths of a tree lead to from a value, and for each that
// ends early what kind of value it met, and how deep: a list without elements is
// not a missing one. Names are hashed as Rego sees them.
func (h hashes) walk(t *reading, v resource.PropertyValue, n *names, depth int) {
	v = bare(v)
	if len(t.ends) > 0 {
		h.add(t.ends, hashOf(v))
	}
	for _, end := range t.named {
		h[end.path] = mix(h[end.path], hashOf(n.numbered(end.kind, v)))
	}
	switch {
	case len(t.below) == 0:
	case v.IsObject():
		h.object(t, v.ObjectValue(), n, depth)
	case v.IsArray():
		h.array(t, v.ArrayValue(), n, depth)
	default:
		h.end(t.below, kind(v), depth)
	}
}

func (h hashes) end(paths []int, kind byte, depth int) {
	h.add(paths, early|uint64(depth)<<8|uint64(kind))
}

func (h hashes) object(t *reading, m resource.PropertyMap, n *names, depth int) {
	for _, step := range t.indexes {
		h.end(paths(step.next), mapping, depth)
	}
	for _, step := range t.keys {
		v, has := m[step.key]
		switch {
		case !has:
			h.end(paths(step.next), absent, depth)
		case t.rest == nil:
			h.walk(step.next, v, n, depth+1)
		}
	}
	if t.rest == nil {
		return
	}
	for key, v := range each(m) {
		h.add(t.every, element)
		h.add(t.every, maphash.String(seed, key))
		h.walk(t.key(resource.PropertyKey(key)), v, n, depth+1)
	}
	h.add(t.every, elements|uint64(len(m))<<8|uint64(mapping))
}

func (h hashes) array(t *reading, elementsOf []resource.PropertyValue, n *names, depth int) {
	for _, step := range t.keys {
		h.end(paths(step.next), list, depth)
	}
	for _, step := range t.indexes {
		if step.index < 0 || step.index >= len(elementsOf) {
			h.end(paths(step.next), list, depth)
		}
	}
	if len(t.indexes) == 0 && t.rest == nil {
		return
	}
	for i, v := range elementsOf {
		if next := t.index(i); next != nil {
			h.add(t.every, element|uint64(i))
			h.walk(next, v, n, depth+1)
		}
	}
	h.add(t.every, elements|uint64(len(elementsOf))<<8|uint64(list))
}

// paths are all of a tree.
func paths(t *reading) []int {
	if len(t.ends)+len(t.named) == 0 {
		return t.below
	}
	all := slices.Concat(t.below, t.ends)
	for _, end := range t.named {
		all = append(all, end.path)
	}
	return all
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

// hashOf is the hash of a whole value.
func hashOf(v resource.PropertyValue) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	hashValue(&h, v)
	return h.Sum64()
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

package evaluate

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/pack"
)

// reading is a set of paths to properties as a tree of their steps, so that one
// walk over a resource meets all of them.
type reading struct {
	// ends are the paths that end here, below those that go on, and named those
	// that end here at a name.
	ends, below []int
	named       []namedEnd
	// keys and indexes are the steps that paths name here. A path through "*"
	// is under each of them too; rest is where it goes from all other ones, nil
	// when there is none, and every are the paths that go on by "*".
	keys    []keyStep
	indexes []indexStep
	rest    *reading
	every   []int
}

type keyStep struct {
	key  resource.PropertyKey
	next *reading
}

type namedEnd struct {
	kind pack.Name
	path int
}

type indexStep struct {
	index int
	next  *reading
}

// newReading makes the tree of some paths; ids are their numbers, all of them
// from the step depth on. One that leads to a name has that as its last step.
func newReading(paths []resource.PropertyPath, ids []int, depth int) *reading {
	t := &reading{}
	var steps []any
	byStep := map[any][]int{}
	for _, id := range ids {
		if len(paths[id]) == depth {
			t.ends = append(t.ends, id)
			continue
		}
		step := paths[id][depth]
		if kind, is := step.(pack.Name); is {
			t.named = append(t.named, namedEnd{kind, id})
			continue
		}
		t.below = append(t.below, id)
		if step == "*" {
			t.every = append(t.every, id)
			continue
		}
		if byStep[step] == nil {
			steps = append(steps, step)
		}
		byStep[step] = append(byStep[step], id)
	}
	for _, step := range steps {
		next := newReading(paths, append(byStep[step], t.every...), depth+1)
		switch step := step.(type) {
		case string:
			t.keys = append(t.keys, keyStep{resource.PropertyKey(step), next})
		case int:
			t.indexes = append(t.indexes, indexStep{step, next})
		}
	}
	if len(t.every) > 0 {
		t.rest = newReading(paths, t.every, depth+1)
	}
	return t
}

// key is where a key leads; nil when no path goes there.
func (t *reading) key(key resource.PropertyKey) *reading {
	if i := slices.IndexFunc(t.keys, func(s keyStep) bool { return s.key == key }); i >= 0 {
		return t.keys[i].next
	}
	return t.rest
}

// index is where an index leads; nil when no path goes there.
func (t *reading) index(index int) *reading {
	if i := slices.IndexFunc(t.indexes, func(s indexStep) bool { return s.index == index }); i >= 0 {
		return t.indexes[i].next
	}
	return t.rest
}

// readings are what rules about the stack read of each type among some nodes.
func readings(q *query, nodes []*node) map[string]*reading {
	byType := map[string]*reading{}
	for _, n := range nodes {
		typ := n.resource.Type
		if byType[typ] != nil {
			continue
		}
		var paths []resource.PropertyPath
		var ids []int
		for i := range q.rules {
			rule := &q.rules[i]
			if !matches(rule.ResourceTypes, typ) {
				continue
			}
			reads := readsOf(rule, typ)
			if rule.Silent {
				reads = []pack.Read{{}}
			}
			for _, read := range reads {
				paths, ids = append(paths, read.Path), append(ids, len(ids))
			}
		}
		byType[typ] = newReading(paths, ids, 0)
	}
	return byType
}

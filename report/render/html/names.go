package html

import (
	"strconv"
	"strings"

	"gatehouse/report/readiness"
)

// longestName is how much of a name goes into an anchor.
const longestName = 60

// anchors are the fragments of one kind of thing, by the thing's name.
type anchors struct {
	prefix string
	by     map[string]string
	used   map[string]bool
}

func newAnchors(prefix string) *anchors {
	return &anchors{prefix: prefix, by: map[string]string{}, used: map[string]bool{}}
}

// add gives a thing its fragment. A second thing of the same name gets one of
// its own, to which nothing refers.
func (a *anchors) add(name string) string {
	slug := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		default:
			return '-'
		}
	}, name)
	slug = a.prefix + slug[:min(len(slug), longestName)]
	given := slug
	for n := 2; a.used[given]; n++ {
		given = slug + "~" + strconv.Itoa(n)
	}
	a.used[given] = true
	if _, taken := a.by[name]; !taken {
		a.by[name] = given
	}
	return given
}

// once is the fragment of a thing that may have been given one before.
func (a *anchors) once(name string) string {
	if given, known := a.by[name]; known {
		return given
	}
	return a.add(name)
}

// ref is a thing by its name: a link when it stands in the page.
type ref struct {
	Text   string
	Anchor string // "" when it does not stand here
	// Verdict is the item's, nil of other things.
	Verdict *readiness.Verdict
	// Against is whether it decided against what refers to it.
	Against bool
}

// index knows where everything stands.
type index struct {
	items, evidence, rules, sections, frameworks *anchors
	verdicts                                     map[string]readiness.Verdict
}

func newIndex() *index {
	return &index{
		items: newAnchors("item-"), evidence: newAnchors("evidence-"), rules: newAnchors("rule-"),
		sections: newAnchors("section-"), frameworks: newAnchors("framework-"), verdicts: map[string]readiness.Verdict{},
	}
}

func (x *index) item(id string) ref {
	out := ref{Text: id, Anchor: x.items.by[id]}
	if v, known := x.verdicts[id]; known {
		out.Verdict = &v
	}
	return out
}

// itemRefs are items by their IDs.
func (x *index) itemRefs(ids []string) []ref {
	out := make([]ref, len(ids))
	for i, id := range ids {
		out[i] = x.item(id)
	}
	return out
}

// refs are things of one kind by their names.
func (a *anchors) refs(names []string) []ref {
	out := make([]ref, len(names))
	for i, name := range names {
		out[i] = ref{Text: name, Anchor: a.by[name]}
	}
	return out
}

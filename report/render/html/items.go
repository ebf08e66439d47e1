package html

import (
	"strings"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// guide is a guide with its sections, in the order of the items.
type guide struct {
	Name     string
	Sections []section
}

type section struct {
	Name, Anchor string
	Score        *readiness.Score // nil when the run has none of it
	Items        []item
}

type item struct {
	readiness.Item
	Anchor, In string // In is the section's anchor
	Read       []ref
	Parts      []judgement
	Serves     string // the anchors of its frameworks, apart by spaces
	StillOpen  bool
}

type judgement struct {
	readiness.Judgement
	Read []ref
	// Same is whether it says what the item says, word for word.
	Same bool
}

// guides group the items as the guides do; slots are the items' anchors.
func guides(r readiness.Run, slots []string, x *index) []guide {
	type name struct{ guide, section string }
	var out []guide
	guideAt, sectionAt := map[string]int{}, map[name]int{}
	for i, one := range r.Items {
		g, known := guideAt[one.Guide]
		if !known {
			g = len(out)
			guideAt[one.Guide], out = g, append(out, guide{Name: one.Guide})
		}
		key := name{one.Guide, one.Section}
		s, known := sectionAt[key]
		if !known {
			s = len(out[g].Sections)
			sectionAt[key] = s
			out[g].Sections = append(out[g].Sections, section{
				Name: one.Section, Anchor: x.sections.add(one.Guide + "-" + one.Section), Score: score(r.Sections, one),
			})
		}
		made := newItem(one, slots[i], x)
		made.In = out[g].Sections[s].Anchor
		out[g].Sections[s].Items = append(out[g].Sections[s].Items, made)
	}
	return out
}

func score(scores []readiness.Score, of readiness.Item) *readiness.Score {
	for i, s := range scores {
		if s.Guide == of.Guide && s.Name == of.Section {
			return &scores[i]
		}
	}
	return nil
}

func newItem(one readiness.Item, anchor string, x *index) item {
	out := item{
		Item: one, Anchor: anchor, Read: x.evidence.refs(one.Evidence),
		Serves: x.serves(one.Frameworks), StillOpen: one.Open(),
	}
	for _, part := range one.Judgements {
		out.Parts = append(out.Parts, judgement{
			Judgement: part, Read: x.evidence.refs(part.Evidence),
			Same: part.Found == one.Found && part.Expected == one.Expected,
		})
	}
	return out
}

// serves are the filter's names of the standards, each once.
func (x *index) serves(list []report.Framework) string {
	var out []string
	seen := map[string]bool{}
	for _, f := range list {
		if !seen[f.Name] {
			seen[f.Name] = true
			out = append(out, x.frameworks.once(f.Name))
		}
	}
	return strings.Join(out, " ")
}

// Requirements are the item's requirements by standard, for people.
func (i item) Requirements() string { return requirements(i.Frameworks) }

func requirements(list []report.Framework) string {
	parts := make([]string, len(list))
	for i, f := range list {
		parts[i] = f.Name + " " + f.Requirement
	}
	return strings.Join(parts, ", ")
}

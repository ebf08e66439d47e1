package html

import (
	"cmp"
	"slices"

	"gatehouse/report/readiness"
)

// framework is the view by one standard.
type framework struct {
	readiness.Framework
	Anchor   string
	Statuses []counted
	Controls []control
}

type control struct {
	readiness.Control
	Items, Rules []ref
}

func frameworks(list []readiness.Framework, x *index) []framework {
	out, standards := make([]framework, len(list)), newAnchors("standard-")
	for i, f := range list {
		made := framework{Framework: f, Anchor: standards.add(f.Name)}
		for _, s := range readiness.ControlStatuses {
			made.Statuses = append(made.Statuses, counted{known(statusLooks, s), f.Counts[s]})
		}
		for _, c := range f.Controls {
			one := control{Control: c, Items: x.itemRefs(c.Items), Rules: x.rules.refs(c.Rules)}
			for _, refs := range [][]ref{one.Items, one.Rules} {
				for k := range refs {
					refs[k].Against = slices.Contains(c.Against, refs[k].Text)
				}
			}
			made.Controls = append(made.Controls, one)
		}
		out[i] = made
	}
	return out
}

// filters are what can be chosen.
type filters struct {
	Sections, Frameworks []ref
	Items, Findings      int
}

func newFilters(r readiness.Run, list []guide, x *index) filters {
	out := filters{Items: len(r.Items)}
	for _, g := range list {
		for _, s := range g.Sections {
			out.Sections = append(out.Sections, ref{Text: g.Name + ": " + s.Name, Anchor: s.Anchor})
		}
	}
	if r.Policies != nil {
		out.Findings = len(r.Policies.Findings)
	}
	for name, anchor := range x.frameworks.by {
		out.Frameworks = append(out.Frameworks, ref{Text: name, Anchor: anchor})
	}
	slices.SortFunc(out.Frameworks, func(a, b ref) int { return cmp.Compare(a.Text, b.Text) })
	return out
}

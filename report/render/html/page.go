package html

import (
	"slices"
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// shownSteps is how many steps of one kind stand open on the first screen.
const shownSteps = 5

// page is a run with everything in its place.
type page struct {
	Run  readiness.Run
	Made time.Time // zero when it is not said
	// Why are the steps that fix, Then are the others.
	Why, Then steps
	// Layers are the environment's, highest first, as they stand on each other.
	Layers     []layer
	Trend      *chart // nil when there are no runs
	Guides     []guide
	Rules      []ruleGroup
	Unmatched  []string
	Frameworks []framework
	Changes    []change
	Findings   []change
	Vacuous    []ref
	Grants     []readiness.Grant
	Expiring   []expiring
	Deployed   []deployedLayer
	Evidence   []evidence
	Filters    filters
}

// steps are things to do: those on the first screen and the rest.
type steps struct{ First, Rest []step }

type step struct {
	readiness.Step
	Items []ref
}

type layer struct {
	readiness.Layer
	Items []ref
}

type change struct {
	readiness.Change
	Of       ref
	Evidence []ref
}

// changeTable is a table of changes under its caption.
type changeTable struct {
	Caption string
	List    []change
}

type expiring struct {
	readiness.Expiring
	Of ref
}

type evidence struct {
	readiness.Evidence
	Anchor string
}

// newPage puts a run in its place.
func newPage(r readiness.Run, now time.Time) page {
	x := newIndex()
	p := page{Run: r, Made: now, Trend: newChart(r.Trend)}
	for _, e := range r.Evidence {
		p.Evidence = append(p.Evidence, evidence{e, x.evidence.add(e.ID)})
	}
	slots := make([]string, len(r.Items))
	for i, item := range r.Items {
		slots[i] = x.items.add(item.ID)
		if _, taken := x.verdicts[item.ID]; !taken {
			x.verdicts[item.ID] = item.Verdict
		}
	}
	if r.Policies != nil {
		p.Rules = ruleGroups(*r.Policies, x)
		p.Unmatched = r.Policies.Summary.Unmatched
	}
	p.Guides = guides(r, slots, x)
	p.Frameworks = frameworks(r.Frameworks, x)
	p.Why, p.Then = order(r.Next, x)
	for _, l := range slices.Backward(r.Layers) {
		p.Layers = append(p.Layers, layer{l, x.itemRefs(l.Items)})
	}
	if c := r.Comparison; c != nil {
		p.Changes, p.Findings = changes(c.Changes, x), changes(c.Findings, x)
	}
	p.Vacuous = x.itemRefs(r.Coverage.Vacuous)
	if r.Access != nil {
		p.Grants = slices.Clone(r.Access.Grants)
		slices.SortStableFunc(p.Grants, func(a, b readiness.Grant) int { return first(a.Powerful) - first(b.Powerful) })
	}
	for _, e := range r.Expiring {
		p.Expiring = append(p.Expiring, expiring{e, x.statement(e.Of)})
	}
	p.Deployed = byLayer(r)
	p.Filters = newFilters(r, p.Guides, x)
	return p
}

// first is a rank: what is true comes first.
func first(is bool) int {
	if is {
		return 0
	}
	return 1
}

// statement is what a waiver or attestation is about: an item or a rule.
func (x *index) statement(of string) ref {
	if report.IsItem(of) || x.items.by[of] != "" {
		return x.item(of)
	}
	return ref{Text: of, Anchor: x.rules.by[of]}
}

// order parts what fails from what is left to do after it.
func order(next []readiness.Step, x *index) (why, then steps) {
	for _, s := range next {
		list := &then
		if s.Kind == "fix" {
			list = &why
		}
		one := step{s, x.itemRefs(s.Items)}
		if len(list.First) < shownSteps {
			list.First = append(list.First, one)
		} else {
			list.Rest = append(list.Rest, one)
		}
	}
	return why, then
}

func changes(list []readiness.Change, x *index) []change {
	out := make([]change, len(list))
	for i, c := range list {
		out[i] = change{c, x.statement(c.ID), x.evidence.refs(c.Evidence)}
	}
	return out
}

// deployedLayer are the resources that one layer declares.
type deployedLayer struct {
	Name      string // "" for none
	Resources []readiness.Resource
}

// byLayer groups what is deployed, in the order of the layers; what no layer
// declares comes last.
func byLayer(r readiness.Run) []deployedLayer {
	if r.Deployed == nil {
		return nil
	}
	var out []deployedLayer
	at := map[string]int{}
	place := func(name string) int {
		i, known := at[name]
		if !known {
			i = len(out)
			at[name], out = i, append(out, deployedLayer{Name: name})
		}
		return i
	}
	for _, l := range r.Layers {
		place(l.Name)
	}
	for _, one := range r.Deployed.Resources {
		if one.Layer != "" {
			i := place(one.Layer)
			out[i].Resources = append(out[i].Resources, one)
		}
	}
	for _, one := range r.Deployed.Resources {
		if one.Layer == "" {
			i := place("")
			out[i].Resources = append(out[i].Resources, one)
		}
	}
	return slices.DeleteFunc(out, func(l deployedLayer) bool { return len(l.Resources) == 0 })
}

package oscal

import (
	"slices"
	"strings"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"gatehouse/report/readiness"
)

// objective is the name of an item as a control objective; control is the
// checklist's control that it belongs to.
func objective(item readiness.Item) string { return token(item.ID) }
func control(item readiness.Item) string   { return "item-" + token(item.ID) }

// controlID is the name of a standard's control. NIST's have the names of its own
// OSCAL catalogue: SI-4(5) is si-4.5. The others begin with the standard's name,
// since a token cannot begin with a digit.
func controlID(standard, requirement string) string {
	if standard == "NIST 800-53" {
		return token(strings.ToLower(strings.NewReplacer("(", ".", ")", "").Replace(requirement)))
	}
	return token(strings.ToLower(standard + " " + requirement))
}

// objectives define every item, in the checkbox's own words.
func (d *document) objectives() []types.LocalObjective {
	var out []types.LocalObjective
	for _, item := range d.run.Items {
		out = append(out, types.LocalObjective{
			ControlId:   control(item),
			Description: said(item.Title),
			Props:       props("guide", item.Guide, "section", item.Section),
			Parts:       []types.Part{{ID: objective(item), Name: "assessment-objective", Title: said(item.Title), Prose: said(item.Text)}},
		})
	}
	return out
}

// reviewed are the controls that something looked at: those of the checklist, and
// of each standard those that an item or rule serves.
func (d *document) reviewed() types.ReviewedControls {
	own := selection{description: "The checklist"}
	var objectives []types.SelectObjectiveById
	for _, item := range d.run.Items {
		own.add(control(item))
		objectives = append(objectives, types.SelectObjectiveById{ObjectiveId: objective(item)})
	}
	return types.ReviewedControls{
		ControlSelections: append(selected([]*selection{&own}), selected(d.standards())...),
		ControlObjectiveSelections: &[]types.ReferencedControlObjectives{{
			Description: "The items that the run judged", IncludeObjectives: list(objectives),
		}},
	}
}

// selection is the controls of one standard, each once.
type selection struct {
	standard, description string
	ids                   []string
	known                 map[string]bool
}

func (s *selection) add(id string) {
	if s.known == nil {
		s.known = map[string]bool{}
	}
	if !s.known[id] {
		s.known[id] = true
		s.ids = append(s.ids, id)
	}
}

// standards are the views of the run, and what items serve besides.
func (d *document) standards() []*selection {
	var all []*selection
	of := func(standard string) *selection {
		i := slices.IndexFunc(all, func(s *selection) bool { return s.standard == standard })
		if i < 0 {
			i = len(all)
			all = append(all, &selection{standard: standard, description: standard})
		}
		return all[i]
	}
	for _, f := range d.run.Frameworks {
		s := of(f.Name)
		s.description = f.Name + " " + f.Edition + ": " + f.Scope
		for _, c := range f.Controls {
			if c.Status != readiness.NotCovered {
				s.add(controlID(f.Name, c.ID))
			}
		}
	}
	for _, item := range d.run.Items {
		for _, f := range item.Frameworks {
			of(f.Name).add(controlID(f.Name, f.Requirement))
		}
	}
	return all
}

// selected leaves out standards of which nothing was looked at: an empty
// selection says nothing.
func selected(all []*selection) []types.AssessedControls {
	var out []types.AssessedControls
	for _, s := range all {
		var ids []types.AssessedControlsSelectControlById
		for _, id := range s.ids {
			ids = append(ids, types.AssessedControlsSelectControlById{ControlId: id})
		}
		if len(ids) > 0 {
			out = append(out, types.AssessedControls{Description: said(s.description), IncludeControls: &ids})
		}
	}
	return out
}

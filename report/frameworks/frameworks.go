// Package frameworks shows a readiness run by the controls of audit standards:
// SOC 2, ISO 27001, NIST 800-53 and CIS EKS. The standards' controls stand in
// catalogues; which item and which rule serves which control, they say
// themselves.
//
// A view says what the evidence of one run supports, never that an organisation
// complies. Showing it is report/render's work.
package frameworks

import (
	"strings"

	"gatehouse/report/readiness"
)

// Apply sets the run's views by standard, from its items and its policies'
// findings. Frameworks that are no standard here (CIS AWS, PSS, Guide) are left
// out, and so is a requirement that no control of the standard knows.
func Apply(run *readiness.Run) {
	said := votes(*run)
	run.Frameworks = make([]readiness.Framework, 0, len(order))
	for _, catalogue := range all() {
		view := catalogue.view(said)
		if run.Policies == nil {
			view.Scope += " In this run no policy rule was evaluated"
			if why := strings.TrimRight(run.NoPolicies, "."); why != "" {
				view.Scope += ": " + why
			}
			view.Scope += "."
		}
		run.Frameworks = append(run.Frameworks, view)
	}
}

// view is what was said of each control of the catalogue.
func (c Catalogue) view(said []vote) readiness.Framework {
	view := readiness.Framework{
		Name: c.Name, Edition: c.Edition, Scope: strings.TrimSpace(c.Scope),
		Controls: []readiness.Control{}, Counts: map[readiness.ControlStatus]int{},
	}
	of := c.byControl(said)
	for _, status := range readiness.ControlStatuses {
		view.Counts[status] = 0
	}
	for _, group := range c.Groups {
		for _, control := range group.Controls {
			judged := judge(of[control.ID])
			judged.ID, judged.Title, judged.Group = control.ID, control.Title, group.Name
			view.Counts[judged.Status]++
			view.Controls = append(view.Controls, judged)
		}
	}
	return view
}

// byControl are the votes by the ID of the control that they are about, each
// once, however many of its requirements a voter names.
func (c Catalogue) byControl(said []vote) map[string][]vote {
	of := map[string][]vote{}
	for _, v := range said {
		seen := map[string]bool{}
		for _, framework := range v.frameworks {
			if framework.Name != c.Name {
				continue
			}
			if id, found := c.Resolve(framework.Requirement); found && !seen[id] {
				seen[id] = true
				of[id] = append(of[id], v)
			}
		}
	}
	return of
}

// judge is a control by the votes on it. None leaves it not covered.
func judge(on []vote) readiness.Control {
	control := readiness.Control{Status: readiness.NotCovered, Items: []string{}, Rules: []string{}, Against: []string{}}
	for _, v := range on {
		control.Status = worse(control.Status, v.status)
		if v.rule {
			control.Rules = append(control.Rules, v.id)
		} else {
			control.Items = append(control.Items, v.id)
		}
		switch v.status {
		case readiness.NotMet, readiness.Accepted:
			control.Against = append(control.Against, v.id)
		case readiness.Undetermined:
			control.Undecided = append(control.Undecided, v.id)
		case readiness.Vacuous, readiness.Supported, readiness.NotCovered:
		}
	}
	return control
}

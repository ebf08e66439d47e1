package readiness

import "slices"

// layers puts what was found about an environment in its place: deployed
// resources, findings on them, and the items that are about each layer.
func layers(r Run) []Layer {
	all := make([]Layer, len(LayerNames))
	for i, name := range LayerNames {
		all[i] = Layer{Name: name, Items: []string{}}
	}
	of := map[string]int{} // URN → layer
	if r.Deployed != nil {
		for _, resource := range r.Deployed.Resources {
			if i := slices.Index(LayerNames, resource.Layer); i >= 0 {
				all[i].Resources++
				of[resource.URN] = i
			}
		}
	}
	if r.Policies != nil {
		for _, finding := range r.Policies.Findings {
			if i, known := of[finding.Resource]; known && finding.Fails(r.Summary.FailOn) {
				all[i].Denied++
			}
		}
	}
	for i := range all {
		items := slices.DeleteFunc(slices.Clone(r.Items), func(item Item) bool { return item.Layer != all[i].Name })
		for _, item := range items {
			all[i].Items = append(all[i].Items, item.ID)
		}
		all[i].Counts = count(items)
		all[i].Verdict = standing(items)
	}
	return all
}

// standing is the worst verdict of the items that are open, PASS when none is,
// NOT_APPLICABLE when no item applies.
func standing(items []Item) Verdict {
	worst := len(Verdicts)
	applies := false
	for _, item := range items {
		applies = applies || item.Verdict != NotApplicable
		if item.Open() {
			worst = min(worst, slices.Index(Verdicts, item.Verdict))
		}
	}
	switch {
	case worst < len(Verdicts):
		return Verdicts[max(worst, 0)]
	case applies:
		return Pass
	default:
		return NotApplicable
	}
}

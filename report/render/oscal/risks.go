package oscal

import (
	"strings"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"gatehouse/report/readiness"
)

// risk is a failure, or a checker's, with what to do. One that is waived is a
// deviation that was approved, until the waiver's last day.
func (d *document) risk(item readiness.Item, related []types.RelatedObservation) types.Risk {
	risk := types.Risk{
		UUID: d.id("risk", item.ID), Title: said(item.ID + " " + item.Title), Description: said(item.Found),
		Statement: "It must hold: " + said(item.Expected), Status: "open",
		Props:   props("verdict", string(item.Verdict), "severity", string(item.Severity)),
		Origins: &[]types.Origin{d.tool()}, RelatedObservations: list(related),
		Characterizations: &[]types.Characterization{{Origin: d.tool(), Facets: []types.Facet{facet("severity", string(item.Severity))}}},
	}
	remedies := []string{item.Remediation}
	for _, part := range item.Judgements {
		for _, f := range part.Failures {
			if f.Remedy != "" {
				remedies = append(remedies, f.Where+": "+f.Remedy)
			}
		}
	}
	responses := []types.Response{{
		UUID: d.id("remediation", item.ID), Lifecycle: "recommendation", Title: "What to do about " + said(item.ID),
		Description: said(strings.Join(remedies, " ")), Props: kind("mitigate"), Origins: &[]types.Origin{d.tool()},
	}}
	if by := item.Overlay; by != nil && by.Kind == readiness.Waived {
		risk.Status, risk.Deadline = "deviation-approved", lastMoment(by.Expires)
		*risk.Characterizations = append(*risk.Characterizations, types.Characterization{
			Origin: d.by(by), Facets: []types.Facet{facet("deviation", "risk-acceptance")}, Links: links(by.Link),
		})
		responses = append(responses, types.Response{
			UUID: d.id("acceptance", item.ID), Lifecycle: "completed", Title: "The risk of " + said(item.ID) + " is accepted",
			Description: said(by.Reason), Props: list(append(*kind("accept"), deref(overlayProps(by))...)), Links: links(by.Link), Origins: &[]types.Origin{d.by(by)},
		})
	}
	risk.Remediations = &responses
	return risk
}

// kind is what a response does, in OSCAL's own words: they have no namespace.
func kind(word string) *[]types.Property { return &[]types.Property{{Name: "type", Value: word}} }

func facet(name, value string) types.Facet {
	return types.Facet{Name: name, System: namespace, Value: said(value)}
}

func deref[T any](all *[]T) []T {
	if all == nil {
		return nil
	}
	return *all
}

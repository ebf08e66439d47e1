package oscal

import (
	"fmt"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"gatehouse/report/readiness"
)

func failed(item readiness.Item) bool {
	return item.Verdict == readiness.Fail || item.Verdict == readiness.Error
}

// finding is the verdict on an item. The raw one stands in its properties, since
// OSCAL knows two states only.
func (d *document) finding(item readiness.Item, related []types.RelatedObservation) types.Finding {
	pairs := []string{
		"verdict", string(item.Verdict), "severity", string(item.Severity), "phase", string(item.Phase), "layer", item.Layer,
		"guide", item.Guide, "section", item.Section,
	}
	if item.Vacuous {
		pairs = append(pairs, "vacuous", "true")
	}
	for _, f := range item.Frameworks {
		pairs = append(pairs, "control", controlID(f.Name, f.Requirement))
	}
	if item.Overlay != nil {
		pairs = append(pairs, "overlay", item.Overlay.Kind)
	}
	target := types.FindingTarget{
		Type: "objective-id", TargetId: objective(item), Title: said(item.Title), Description: said(item.Expected), Status: status(item),
	}
	if item.Verdict == readiness.NotApplicable {
		target.ImplementationStatus = &types.ImplementationStatus{State: "not-applicable", Remarks: said(item.Found)}
	}
	return types.Finding{
		UUID: d.id("finding", item.ID), Title: said(item.ID + " " + item.Title), Description: said(item.Found),
		Props: props(pairs...), Origins: &[]types.Origin{d.tool()}, Target: target, RelatedObservations: list(related),
	}
}

// status is how far the objective is met. What is waived is not; what was not
// seen but stated is, for another reason than what passes.
func status(item readiness.Item) types.ObjectiveStatus {
	satisfied := func(reason, remarks string) types.ObjectiveStatus {
		return types.ObjectiveStatus{State: "satisfied", Reason: reason, Remarks: text(remarks)}
	}
	not := func(reason, remarks string) types.ObjectiveStatus {
		return types.ObjectiveStatus{State: "not-satisfied", Reason: reason, Remarks: text(remarks)}
	}
	by := item.Overlay
	switch {
	case item.Verdict == readiness.Pass && item.Vacuous:
		return satisfied("pass", "Vacuous: nothing was there to look at, which proves nothing.")
	case item.Verdict == readiness.Pass:
		return satisfied("pass", "")
	case item.Verdict == readiness.NotApplicable:
		return satisfied("other", "It does not apply: "+item.Found)
	case item.Verdict == readiness.Manual && by != nil && by.Kind == readiness.Attested:
		return satisfied("other", fmt.Sprintf("Not seen, but stated by %s until %s: %s", by.By, by.Expires, by.Reason))
	case item.Verdict == readiness.Fail:
		return not("fail", accepted(by))
	case item.Verdict == readiness.Error:
		return not("other", "ERROR, the checker failed: "+item.Found)
	default:
		return not("other", string(item.Verdict)+", which is neither right nor wrong: "+item.Found)
	}
}

func accepted(by *readiness.Overlay) string {
	if by == nil || by.Kind != readiness.Waived {
		return ""
	}
	return fmt.Sprintf("The risk is accepted by %s until %s: %s", by.By, by.Expires, by.Reason)
}

// attestations are the statements that hold, with who answers for them.
func (d *document) attestations() []types.AttestationStatements {
	var out []types.AttestationStatements
	for _, item := range d.run.Items {
		by := item.Overlay
		if by == nil || by.Kind != readiness.Attested {
			continue
		}
		out = append(out, types.AttestationStatements{
			Parts: []types.AssessmentPart{{
				Name: "statement", Ns: namespace, Title: said(item.ID + " " + item.Title), Prose: said(by.Reason), Links: links(by.Link), Props: overlayProps(by),
			}},
			ResponsibleParties: &[]types.ResponsibleParty{{RoleId: attester, PartyUuids: []string{d.party(by.By, attester)}}},
		})
	}
	return out
}

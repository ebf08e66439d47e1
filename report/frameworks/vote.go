package frameworks

import (
	"slices"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// vote is what one item or rule says of the controls that it serves.
type vote struct {
	id         string
	rule       bool
	status     readiness.ControlStatus
	frameworks []report.Framework
}

// votes are those of all items and then of all rules of a run, in its order. A
// finding of a rule that the run does not list counts too: what is wrong is
// wrong, whoever found it.
func votes(run readiness.Run) []vote {
	list := make([]vote, 0, len(run.Items))
	for _, item := range run.Items {
		list = append(list, vote{id: item.ID, status: ofItem(item), frameworks: item.Frameworks})
	}
	if run.Policies == nil {
		return list
	}
	at := map[string]int{}
	for _, rule := range run.Policies.Rules {
		status := readiness.Vacuous
		if rule.Matched {
			status = readiness.Supported
		}
		at[rule.ID] = len(list)
		list = append(list, vote{id: rule.ID, rule: true, status: status, frameworks: rule.Frameworks})
	}
	for _, finding := range run.Policies.Findings {
		i, known := at[finding.Rule]
		if !known {
			i = len(list)
			at[finding.Rule] = i
			list = append(list, vote{id: finding.Rule, rule: true, status: ofFinding(finding), frameworks: finding.Frameworks})
		}
		list[i].status = worse(list[i].status, ofFinding(finding))
	}
	return list
}

// ofItem is what an item says. A waiver accepts a failure; it does not make up
// for what nobody has read or stated.
func ofItem(item readiness.Item) readiness.ControlStatus {
	kind := ""
	if item.Overlay != nil {
		kind = item.Overlay.Kind
	}
	switch item.Verdict {
	case readiness.Fail, readiness.Error:
		if kind == readiness.Waived {
			return readiness.Accepted
		}
		return readiness.NotMet
	case readiness.NotApplicable:
		return readiness.Vacuous
	case readiness.Pass:
		if item.Vacuous {
			return readiness.Vacuous
		}
		return readiness.Supported
	case readiness.Manual:
		if kind == readiness.Attested {
			return readiness.Supported
		}
	case readiness.Unknown:
	}
	return readiness.Undetermined
}

// ofFinding is what a finding says, whatever the level of its rule: an advisory
// rule that is broken is evidence against the control all the same.
func ofFinding(finding report.Finding) readiness.ControlStatus {
	switch finding.Verdict {
	case report.Deny, report.Error:
		if finding.Waived {
			return readiness.Accepted
		}
		return readiness.NotMet
	case report.Undecided:
	}
	return readiness.Undetermined
}

// worse is the worse of what two votes say. What nobody could decide outweighs
// what was accepted: failures are all that is accepted, and nobody knows of those.
// One that has looked at something outweighs one that has not.
func worse(a, b readiness.ControlStatus) readiness.ControlStatus {
	if weight(b) < weight(a) {
		return b
	}
	return a
}

// weights is the order in which votes decide, the strongest first.
var weights = []readiness.ControlStatus{
	readiness.NotMet, readiness.Undetermined, readiness.Accepted, readiness.Supported, readiness.Vacuous, readiness.NotCovered,
}

func weight(s readiness.ControlStatus) int { return slices.Index(weights, s) }

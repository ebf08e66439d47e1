package compare

import (
	"fmt"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// place is what makes two findings the same one.
type place struct{ rule, resource, path string }

// verdicts are a finding's in terms of an item's: what is denied fails, what is
// undecided is not known.
var verdicts = map[report.Verdict]readiness.Verdict{
	report.Deny: readiness.Fail, report.Undecided: readiness.Unknown, report.Error: readiness.Error,
}

// findings are those of both runs, with the direction of each. One that came is
// worse, one that went is better, as an item would be that passed on the other
// side. One is only new or gone when the other run did not look for it, or when
// it is waived where it is.
func findings(before, after readiness.Run) []readiness.Change {
	alike := before.Environment == after.Environment
	earlier, was := placed(before, alike)
	later, is := placed(after, alike)
	var all []readiness.Change
	for _, at := range later {
		f := is[at]
		change := readiness.Change{ID: f.Rule, Resource: f.Resource, Title: f.Title, Severity: f.Severity, After: text(f)}
		if old, known := was[at]; known {
			change.Before = text(old)
			change.Direction, change.Why = judgeFinding(old, f)
		} else {
			change.Direction, change.Why = came(f, before)
		}
		all = append(all, change)
	}
	for _, at := range earlier {
		if _, still := is[at]; still {
			continue
		}
		f := was[at]
		change := readiness.Change{ID: f.Rule, Resource: f.Resource, Title: f.Title, Severity: f.Severity, Before: text(f)}
		change.Direction, change.Why = went(f, after)
		all = append(all, change)
	}
	return all
}

// placed are a run's findings by their place, the worst of each, and the places
// in their order. A URN names its stack: in unlike environments the resource's
// type and name stand for it.
func placed(run readiness.Run, alike bool) ([]place, map[place]report.Finding) {
	var order []place
	at := map[place]report.Finding{}
	if run.Policies == nil {
		return nil, at
	}
	for _, f := range run.Policies.Findings {
		p := place{f.Rule, f.Resource, f.Path}
		if !alike {
			p.resource = f.Subject()
		}
		other, seen := at[p]
		if !seen {
			order = append(order, p)
		}
		if !seen || report.Compare(f, other) < 0 {
			at[p] = f
		}
	}
	return order, at
}

func findingState(f report.Finding) state {
	s := state{verdict: verdicts[f.Verdict]}
	if f.Waived {
		s.overlay = readiness.Waived
	}
	return s
}

// text is a finding's verdict as a report writes it: "deny (waived)".
func text(f report.Finding) string {
	if f.Waived {
		return string(f.Verdict) + " (" + readiness.Waived + ")"
	}
	return string(f.Verdict)
}

func judgeFinding(was, is report.Finding) (readiness.Direction, string) {
	d := direction(findingState(was), findingState(is))
	switch {
	case d != same:
		return d, fmt.Sprintf("it was %s and is %s%s", text(was), text(is), detail(is))
	case was.Severity != is.Severity:
		return readiness.Changed, fmt.Sprintf("its severity was %s and is %s", was.Severity, is.Severity)
	case was.Message != is.Message:
		return readiness.Changed, "something else was found" + detail(is)
	}
	return same, ""
}

// came is the direction of a finding that only the later run has.
func came(f report.Finding, before readiness.Run) (readiness.Direction, string) {
	switch {
	case before.Policies == nil:
		return readiness.New, "the run before did not run the policies" + detail(f)
	case !has(before, f.Rule):
		return readiness.New, "the rule was not on before" + detail(f)
	case f.Waived:
		return readiness.New, "it came, and is waived" + detail(f)
	}
	return direction(state{verdict: readiness.Pass}, findingState(f)), "it came" + detail(f)
}

// went is the direction of a finding that only the earlier run has.
func went(f report.Finding, after readiness.Run) (readiness.Direction, string) {
	switch {
	case after.Policies == nil:
		return readiness.Incomparable, "this run did not run the policies" + said(after.NoPolicies)
	case !has(after, f.Rule):
		return readiness.Gone, "the rule is not on any more" + detail(f)
	case f.Waived:
		return readiness.Gone, "it went, and so did the need of its waiver" + detail(f)
	}
	return readiness.Better, "it went" + detail(f)
}

// has tells whether a rule was on.
func has(run readiness.Run, rule string) bool {
	for _, r := range run.Policies.Rules {
		if r.ID == rule {
			return true
		}
	}
	return false
}

// detail is what a finding says, and of which property.
func detail(f report.Finding) string {
	if f.Path == "" {
		return said(f.Message)
	}
	return said(f.Path + ": " + f.Message)
}

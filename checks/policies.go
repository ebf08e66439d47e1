package checks

import (
	"fmt"
	"slices"

	"gatehouse/checks/checklist"
	"gatehouse/report"
	"gatehouse/report/readiness"
)

// policiesPart is the name of the part of a judgement that the rules made.
const policiesPart = "policies"

// byPolicies judges an item by what the rules found in the environment's state.
// A denial that is waived is not one: the waiver names what was accepted.
func (o Options) byPolicies(item checklist.Item) readiness.Judgement {
	j := readiness.Judgement{Checker: policiesPart, Expected: "no policy rule of the item denies a resource", Evidence: []string{}}
	if o.Policies == nil {
		// What something else provisioned has no state of ours: the live systems
		// decide then, where something looks at them.
		j.Verdict, j.Found = readiness.NotApplicable, o.NoPolicies
		if !item.Live() {
			j.Verdict = readiness.Unknown
		}
		j.Reasons = []string{o.NoPolicies}
		return j
	}
	deciding := map[string]bool{}
	for _, rule := range o.Policies.Rules {
		if item.Decides(rule) {
			deciding[rule.ID] = true
			if !slices.Contains(o.Policies.Summary.Unmatched, rule.ID) {
				j.Subjects++
			}
		}
	}
	waived := 0
	for _, f := range o.Policies.Findings {
		switch {
		case !deciding[f.Rule]:
		case f.Waived:
			waived++
		case f.Verdict == report.Undecided:
			j.Reasons = append(j.Reasons, fmt.Sprintf("%s is undecided on %s: %s", f.Rule, f.Subject(), f.Message))
		default:
			j.Failures = append(j.Failures, readiness.Failure{
				Where: f.Subject(), Found: fmt.Sprintf("%s (%s)", f.Message, f.Rule), Remedy: f.Remediation,
			})
		}
	}
	switch {
	case len(j.Failures) > 0:
		j.Verdict, j.Found = readiness.Fail, fmt.Sprintf("%d denied, first %s: %s", len(j.Failures), j.Failures[0].Where, j.Failures[0].Found)
	case len(j.Reasons) > 0:
		j.Verdict, j.Found = readiness.Unknown, j.Reasons[0]
	case j.Subjects == 0:
		j.Verdict, j.Found = readiness.NotApplicable, "no resource of the state is of a type that the item's rules judge"
		j.Reasons = []string{j.Found}
	default:
		j.Verdict, j.Found = readiness.Pass, fmt.Sprintf("%d rules, none denies", j.Subjects)
		if waived > 0 {
			j.Found = fmt.Sprintf("%d rules, none denies what is not waived (%d waived)", j.Subjects, waived)
		}
	}
	return j
}

// policiesOf is what the rules found, with the rules that were on.
func policiesOf(r report.Result) *readiness.Policies {
	all := &readiness.Policies{Source: r.Source, Findings: r.Findings, Summary: r.Summary}
	for _, rule := range r.Rules {
		_, unmatched := slices.BinarySearch(r.Summary.Unmatched, rule.ID)
		all.Rules = append(all.Rules, readiness.PolicyRule{
			ID: rule.ID, Title: rule.Title, Severity: rule.Severity, Level: rule.Level,
			Frameworks: rule.Frameworks, Matched: !unmatched,
		})
	}
	return all
}

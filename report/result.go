package report

import (
	"cmp"
	"slices"
)

// Result is one run of the policies.
type Result struct {
	// Environment is the stack's name, "" for manifests.
	Environment string `json:"environment,omitempty"`
	// Source is what was judged, for people: "preview of staging", "state of
	// staging", "3 files of deploy/".
	Source   string    `json:"source"`
	Findings []Finding `json:"findings"`
	Summary  Summary   `json:"summary"`
	// FailOn is the severity from which on a finding fails even when its rule is
	// advisory; "" when only the level counts.
	FailOn Severity `json:"failOn,omitempty"`
	// Rules are all rules that were on, sorted by ID, for the renderers that
	// describe them.
	Rules []Rule `json:"-"`
}

// Summary counts a run.
type Summary struct {
	// Rules is how many rules were on; Disabled names those that were off.
	Rules     int      `json:"rules"`
	Disabled  []string `json:"disabled"`
	Resources int      `json:"resources"`
	// Deny, Undecided and Error count findings that are not waived.
	Deny      int `json:"deny"`
	Undecided int `json:"undecided"`
	Error     int `json:"error"`
	Waived    int `json:"waived"`
	// Remediated counts resources that a rule has put right on the way.
	Remediated int `json:"remediated"`
	// BySeverity counts denials that are not waived.
	BySeverity map[Severity]int `json:"bySeverity"`
	// Unmatched names the rules that found no resource of their types, sorted:
	// that they found nothing proves nothing.
	Unmatched []string `json:"unmatched"`
	// Failed is whether a finding stops what is being done.
	Failed bool `json:"failed"`
}

// Finish sorts the findings and counts them; least is the severity from which
// on a finding fails even when its rule is advisory.
func (r *Result) Finish(least Severity) {
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	r.Findings = sorted(r.Findings)
	r.FailOn = least
	s := &r.Summary
	s.Deny, s.Undecided, s.Error, s.Waived, s.Failed = 0, 0, 0, 0, false
	s.BySeverity = map[Severity]int{}
	for _, f := range r.Findings {
		s.Failed = s.Failed || f.Fails(least)
		switch {
		case f.Waived:
			s.Waived++
		case f.Verdict == Deny:
			s.Deny++
			s.BySeverity[f.Severity]++
		case f.Verdict == Undecided:
			s.Undecided++
		default:
			s.Error++
		}
	}
	for _, list := range []*[]string{&s.Disabled, &s.Unmatched} {
		if *list == nil {
			*list = []string{}
		}
		slices.Sort(*list)
	}
}

// sorted orders findings by [Compare]. It moves each of them once: they are
// large, and there may be many.
func sorted(findings []Finding) []Finding {
	order := make([]ranked, len(findings))
	for i := range findings {
		order[i] = ranked{rank(&findings[i]), &findings[i]}
	}
	if slices.IsSortedFunc(order, compare) {
		return findings
	}
	slices.SortStableFunc(order, compare)
	moved := make([]Finding, len(findings))
	for i, r := range order {
		moved[i] = *r.Finding
	}
	return moved
}

// Compare orders findings: what counts before what is waived, denials and
// errors before undecided, worst first, then by rule, resource and path.
func Compare(a, b Finding) int { return compare(ranked{rank(&a), &a}, ranked{rank(&b), &b}) }

// ranked is a finding with its rank.
type ranked struct {
	rank int
	*Finding
}

// rank says how much a finding matters; 0 is the most.
func rank(f *Finding) int {
	group := 1
	switch {
	case f.Waived:
		group = 3
	case f.Verdict == Undecided:
		group = 2
	case f.Verdict == Error:
		group = 0
	}
	return group*(len(Severities)+1) + slices.Index(Severities, f.Severity) + 1
}

// compare looks at no more than it must: it is most of the time of sorting.
func compare(a, b ranked) int {
	if c := cmp.Compare(a.rank, b.rank); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Rule, b.Rule); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Resource, b.Resource); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return cmp.Compare(a.Message, b.Message)
}

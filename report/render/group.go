package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/report"
	"gatehouse/report/waivers"
)

// sections are a result's findings apart, each in the result's order.
type sections struct{ errors, denied, undecided, waived []report.Finding }

func apart(r report.Result) sections {
	var errors, denied, undecided, waived stretch
	for i := range r.Findings {
		part := &errors
		switch f := &r.Findings[i]; {
		case f.Waived:
			part = &waived
		case f.Verdict == report.Deny:
			part = &denied
		case f.Verdict == report.Undecided:
			part = &undecided
		}
		part.add(r.Findings, i)
	}
	return sections{errors.findings, denied.findings, undecided.findings, waived.findings}
}

// stretch gathers some of many findings. As long as they stand together, as they
// do in a result that is sorted, it copies none of them: they are large.
type stretch struct {
	findings []report.Finding
	// begin is the index of the first.
	begin int
}

// add takes in the finding at an index of all, which is beyond those before.
func (s *stretch) add(all []report.Finding, i int) {
	switch n := len(s.findings); {
	case n == 0:
		s.findings, s.begin = all[i:i+1:i+1], i
	case s.begin+n == i: // and never again after a gap
		s.findings = all[s.begin : i+1 : i+1]
	default: // the first time there is no room left, so that it is copied
		s.findings = append(s.findings, all[i])
	}
}

// group is what belongs together; the findings are never empty.
type group struct{ findings []report.Finding }

// first stands for what all findings of a group have in common.
func (g group) first() report.Finding { return g.findings[0] }

// groups brings together the findings with the same key, in order of first
// appearance.
func groups[K comparable](findings []report.Finding, key func(report.Finding) K) []group {
	var parts []stretch
	index := map[K]int{}
	var last K
	at := -1
	for i := range findings {
		k := key(findings[i])
		if at < 0 || k != last {
			n, known := index[k]
			if !known {
				n = len(parts)
				index[k] = n
				parts = append(parts, stretch{})
			}
			last, at = k, n
		}
		parts[at].add(findings, i)
	}
	out := make([]group, len(parts))
	for i := range parts {
		out[i].findings = parts[i].findings
	}
	return out
}

func byRule(f report.Finding) string { return f.Rule }

// waiverOf is what makes a waiver one waiver.
func waiverOf(f report.Finding) [6]string {
	w := waiver(f)
	return [6]string{f.Rule, w.Resource, strings.Join(w.Environments, ","), w.Reason, w.Ticket, w.Expires}
}

// waiver is the finding's waiver, an empty one when nobody says which.
func waiver(f report.Finding) report.Waiver {
	if f.Waiver == nil {
		return report.Waiver{}
	}
	return *f.Waiver
}

// resources counts the resources of some findings.
func resources(findings []report.Finding) int {
	return len(groups(findings, func(f report.Finding) string { return f.Resource }))
}

// described are all rules of a run with their descriptions: those that were on,
// and those that only findings tell of. Sorted by ID.
func described(r report.Result) []report.Rule {
	rules := slices.Clone(r.Rules)
	known := map[string]bool{}
	for _, rule := range rules {
		known[rule.ID] = true
	}
	about := waivers.Rules()
	for _, f := range r.Findings {
		if known[f.Rule] {
			continue
		}
		known[f.Rule] = true
		if i := slices.IndexFunc(about, func(rule report.Rule) bool { return rule.ID == f.Rule }); i >= 0 {
			rules = append(rules, about[i])
			continue
		}
		rules = append(rules, report.Rule{
			ID: f.Rule, Title: f.Title, Severity: f.Severity, Level: f.Level,
			Remediation: f.Remediation, Frameworks: f.Frameworks,
		})
	}
	slices.SortFunc(rules, func(a, b report.Rule) int { return cmp.Compare(a.ID, b.ID) })
	return rules
}

// says is what the finding says, with the property that it says it of.
func says(f report.Finding) string {
	if f.Path == "" {
		return f.Message
	}
	return f.Path + ": " + f.Message
}

// place is where the finding's resource is written, "" when nobody knows.
func place(f report.Finding) string {
	switch {
	case f.Location == nil || f.Location.File == "":
		return ""
	case f.Location.Line < 1:
		return f.Location.File
	default:
		return fmt.Sprintf("%s:%d", f.Location.File, f.Location.Line)
	}
}

// approval is who approved a waiver, and where.
func approval(w report.Waiver) string {
	return join(", ", w.Approver, w.Ticket)
}

// until is how long a waiver holds, with the days that are left of it.
func until(w report.Waiver, now time.Time) string {
	last, err := time.Parse(time.DateOnly, w.Expires)
	if err != nil || now.IsZero() {
		return "until " + w.Expires
	}
	days := int(last.Sub(now.UTC().Truncate(24*time.Hour)).Hours() / 24)
	return fmt.Sprintf("until %s (%s left)", w.Expires, count(days, "day"))
}

// join joins those parts that say something.
func join(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

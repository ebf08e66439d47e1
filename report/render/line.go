package render

import (
	"fmt"
	"strings"

	"gatehouse/report"
)

// Line sums a run up in one line: "131 rules · 0 denied · 3 waived (next expiry
// 2027-02-01) · 2 undecided".
func Line(r report.Result) string {
	s := r.Summary
	parts := []string{count(s.Rules, "rule"), fmt.Sprintf("%d denied%s", s.Deny, bySeverity(s))}
	if s.Error > 0 {
		parts = append(parts, fmt.Sprintf("%d could not be judged", s.Error))
	}
	waived := fmt.Sprintf("%d waived", s.Waived)
	if next := nextExpiry(r); next != "" {
		waived += " (next expiry " + next + ")"
	}
	parts = append(parts, waived, fmt.Sprintf("%d undecided", s.Undecided))
	if s.Remediated > 0 {
		parts = append(parts, fmt.Sprintf("%d put right", s.Remediated))
	}
	return strings.Join(parts, " · ")
}

// bySeverity lists the denials: " (1 critical, 2 high)".
func bySeverity(s report.Summary) string {
	var parts []string
	for _, severity := range report.Severities {
		if n := s.BySeverity[severity]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, severity))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// nextExpiry is the first day on which a finding stops being waived.
func nextExpiry(r report.Result) string {
	next := ""
	for _, f := range r.Findings {
		if day := waiver(f).Expires; f.Waived && day != "" && (next == "" || day < next) {
			next = day
		}
	}
	return line(next)
}

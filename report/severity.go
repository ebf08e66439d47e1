package report

import (
	"fmt"
	"slices"
	"strings"
)

// Severity is how bad it is when a rule or an item is not kept.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Severities is every severity, worst first.
var Severities = []Severity{Critical, High, Medium, Low}

// ParseSeverity reads a severity, in any case.
func ParseSeverity(text string) (Severity, error) {
	s := Severity(strings.ToLower(text))
	if !slices.Contains(Severities, s) {
		return "", fmt.Errorf("unknown severity %q: critical, high, medium or low", text)
	}
	return s, nil
}

// AtLeast tells whether s is as bad as least, or worse.
func (s Severity) AtLeast(least Severity) bool {
	return slices.Index(Severities, s) <= slices.Index(Severities, least)
}

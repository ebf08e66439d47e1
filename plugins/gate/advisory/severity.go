package advisory

import (
	"fmt"
	"strings"

	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"
)

// Severity is how bad a vulnerability is: CVSS's qualitative ratings, in order.
type Severity int

// The severities. The zero value is that nobody said one.
const (
	Unrated Severity = iota
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"unrated", "low", "medium", "high", "critical"}

func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads a severity's name, in any case; GitHub's "moderate" is medium.
func ParseSeverity(text string) (Severity, error) {
	word := strings.ToLower(text)
	if word == "moderate" {
		word = "medium"
	}
	for s := Low; s <= Critical; s++ {
		if word == s.String() {
			return s, nil
		}
	}
	return Unrated, fmt.Errorf("unknown severity %q: low, medium, high or critical", text)
}

// UnmarshalText reads a severity's name.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}

// MarshalText writes it.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// rate is the severity of a CVSS vector of version 3 or 4. CVSS's "none" (0.0) is
// low here: somebody wrote an advisory.
func rate(vector string) (Severity, error) {
	var score float64
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		v, err := gocvss40.ParseVector(vector)
		if err != nil {
			return Unrated, fmt.Errorf("read the CVSS vector %q: %w", vector, err)
		}
		score = v.Score()
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		v, err := gocvss31.ParseVector(vector)
		if err != nil {
			return Unrated, fmt.Errorf("read the CVSS vector %q: %w", vector, err)
		}
		score = v.EnvironmentalScore()
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		v, err := gocvss30.ParseVector(vector)
		if err != nil {
			return Unrated, fmt.Errorf("read the CVSS vector %q: %w", vector, err)
		}
		score = v.EnvironmentalScore()
	default:
		return Unrated, fmt.Errorf("%q is no CVSS vector of version 3 or 4", vector)
	}
	switch {
	case score >= 9:
		return Critical, nil
	case score >= 7:
		return High, nil
	case score >= 4:
		return Medium, nil
	}
	return Low, nil
}

package evidence

import "time"

// Detector is GuardDuty in a region.
type Detector struct {
	ID      string `json:"id"`
	Enabled bool   `json:"enabled"`
	// Features are the protections that are enabled, by API name, e.g.
	// RUNTIME_MONITORING.
	Features []string `json:"features"`
}

// Finding is a threat that GuardDuty has seen and nobody has archived.
type Finding struct {
	ID string `json:"id"`
	// Type is e.g. UnauthorizedAccess:EC2/SSHBruteForce.
	Type string `json:"type"`
	// Severity is 1.0 to 10.0: high from 7, critical from 9.
	Severity float64   `json:"severity"`
	Title    string    `json:"title"`
	Updated  time.Time `json:"updated"`
}

// HighSeverity is where high findings begin (GuardDuty user guide, "Severity
// levels of GuardDuty findings").
const HighSeverity = 7

// Findings are the open findings of the detectors.
type Findings struct {
	// Detectors is how many were asked; with none there cannot be findings.
	Detectors int `json:"detectors"`
	// High is how many open findings have [HighSeverity] or more, Newest some
	// of them.
	High   int       `json:"high"`
	Newest []Finding `json:"newest,omitempty"`
}

// AWSDetectors are the region's detectors: one or none.
var AWSDetectors = Define[[]Detector](AWS, "guardduty.detectors", "guardduty:ListDetectors", "guardduty:GetDetector")

// AWSFindings are the open findings of high severity.
var AWSFindings = Define[Findings](AWS, "guardduty.findings",
	"guardduty:ListDetectors", "guardduty:ListFindings", "guardduty:GetFindings")

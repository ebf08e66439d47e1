package readiness

import (
	"time"

	"gatehouse/report"
)

// Counts counts items by verdict, and what people have said about them.
type Counts struct {
	Pass          int `json:"PASS"`
	Fail          int `json:"FAIL"`
	Error         int `json:"ERROR"`
	Unknown       int `json:"UNKNOWN"`
	NotApplicable int `json:"NOT_APPLICABLE"`
	Manual        int `json:"MANUAL"`
	// Waived counts failing items that a waiver is laid over, Attested manual
	// ones with an attestation that holds.
	Waived   int `json:"waived"`
	Attested int `json:"attested"`
}

// Score is how far a group of items holds.
type Score struct {
	// Guide and Name are the group's: a section of a guide.
	Guide string `json:"guide"`
	Name  string `json:"name"`
	Counts
	// Percent is the share of what applies that passes or is attested, rounded
	// down; nil when nothing applies. What is waived does not hold.
	Percent *int `json:"percent"`
}

// Coverage is how much of what the run needed was read.
type Coverage struct {
	// Read, Partly and NotRead count queries.
	Read    int `json:"read"`
	Partly  int `json:"partly"`
	NotRead int `json:"notRead"`
	// Sources are the same by system.
	Sources []SourceCoverage `json:"sources"`
	// Vacuous are the items that do not fail only because nothing matched.
	Vacuous []string `json:"vacuous"`
	// Unmatched are the rules that found no resource of their types.
	Unmatched []string `json:"unmatched"`
}

// SourceCoverage is how much was read of one system.
type SourceCoverage struct {
	Source  string `json:"source"`
	Read    int    `json:"read"`
	Partly  int    `json:"partly"`
	NotRead int    `json:"notRead"`
	// Problems are why, each once, the most frequent first.
	Problems []string `json:"problems"`
}

// LayerNames are the layers of an environment, lowest first.
var LayerNames = []string{"foundation", "network", "edge", "data", "cluster", "platform", "portal"}

// Layer is one layer of the environment with what was found about it.
type Layer struct {
	Name      string `json:"name"`
	Resources int    `json:"resources"`
	// Denied counts the findings of the rules on its resources that are not
	// waived.
	Denied int `json:"denied"`
	// Items are the IDs of the items about it; Verdict is the worst of them that
	// is open, else PASS, or NOT_APPLICABLE when there is none.
	Items   []string `json:"items"`
	Verdict Verdict  `json:"verdict"`
	Counts
}

// Framework is the view of a run by the controls of one standard.
type Framework struct {
	// Name is as rules and items call it: "SOC 2", "ISO 27001", "NIST 800-53",
	// "CIS EKS".
	Name    string `json:"name"`
	Edition string `json:"edition"`
	// Scope says which of the standard's controls are listed, and what is left
	// to others.
	Scope    string    `json:"scope"`
	Controls []Control `json:"controls"`
	// Counts are of controls by their status.
	Counts map[ControlStatus]int `json:"counts"`
}

// ControlStatus is what a run says of a control. None of them says that an
// organisation complies: a run sees only its evidence.
type ControlStatus string

// The statuses, worst first.
const (
	// NotMet: an item or rule that serves the control fails, and is not waived.
	NotMet ControlStatus = "not-met"
	// Accepted: only waived failures stand against it, and all that serves it is
	// decided.
	Accepted ControlStatus = "accepted"
	// Undetermined: something that serves it could not be read or decided.
	Undetermined ControlStatus = "undetermined"
	// Vacuous: nothing fails, only because nothing was there to look at.
	Vacuous ControlStatus = "vacuous"
	// Supported: all that serves it holds.
	Supported ControlStatus = "supported"
	// NotCovered: nothing here looks at it.
	NotCovered ControlStatus = "not-covered"
)

// ControlStatuses is every status, worst first. The order is for showing: one
// item that holds outweighs a vacuous one of the same control.
var ControlStatuses = []ControlStatus{NotMet, Accepted, Undetermined, Vacuous, Supported, NotCovered}

// Control is one control of a standard.
type Control struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Group is the family that it stands in.
	Group  string        `json:"group"`
	Status ControlStatus `json:"status"`
	// Items and Rules serve it; Against are those of them that decided against
	// (waived or not), Undecided those that could not be read or decided.
	Items     []string `json:"items"`
	Rules     []string `json:"rules"`
	Against   []string `json:"against"`
	Undecided []string `json:"undecided,omitempty"`
}

// Ref names a run.
type Ref struct {
	ID          string    `json:"id"`
	Environment string    `json:"environment"`
	Started     time.Time `json:"started"`
}

// Comparison is what has changed since another run.
type Comparison struct {
	Before Ref `json:"before"`
	After  Ref `json:"after"`
	// Changes are the items that are not the same, the worse first.
	Changes []Change `json:"changes"`
	// Findings are the policies' findings that came or went, named
	// "RULE on RESOURCE".
	Findings []Change `json:"findings"`
	// Better … Same count items and findings.
	Better       int `json:"better"`
	Worse        int `json:"worse"`
	New          int `json:"new"`
	Gone         int `json:"gone"`
	Incomparable int `json:"incomparable"`
	Changed      int `json:"changed"`
	Same         int `json:"same"`
	// Worsened is whether anything is worse: what cannot be compared counts.
	Worsened bool `json:"worsened"`
}

// Direction is which way something went.
type Direction string

// The directions. Incomparable counts as worse: something that was known is not
// known any more.
const (
	Worse        Direction = "worse"
	Incomparable Direction = "incomparable"
	Gone         Direction = "gone"
	New          Direction = "new"
	Changed      Direction = "changed" // the verdict is the same on other evidence
	Better       Direction = "better"
)

// Directions is every direction, worst first.
var Directions = []Direction{Worse, Incomparable, Gone, New, Changed, Better}

// Change is one item or finding that is not the same.
type Change struct {
	// ID is the item's, or the rule's; Resource is the finding's.
	ID        string          `json:"id"`
	Resource  string          `json:"resource,omitempty"`
	Title     string          `json:"title"`
	Severity  report.Severity `json:"severity"`
	Direction Direction       `json:"direction"`
	// Before and After are verdicts, with the overlay: "FAIL (waived)"; "" when
	// it was not there.
	Before string `json:"before"`
	After  string `json:"after"`
	// Evidence names what was read differently.
	Evidence []string `json:"evidence"`
	// Why says in one sentence what changed.
	Why string `json:"why"`
}

// Past is what an earlier run said of an item.
type Past struct {
	Run     string    `json:"run"`
	Started time.Time `json:"started"`
	Verdict Verdict   `json:"verdict"`
	// Overlay is "waived", "attested" or "".
	Overlay string `json:"overlay,omitempty"`
	Found   string `json:"found"`
}

// Point is one run of the trend.
type Point struct {
	Ref
	Counts
	// Percent is the share of what applies that holds; nil when nothing applies.
	Percent *int `json:"percent"`
	Ready   bool `json:"ready"`
}

// Step is one thing to do.
type Step struct {
	// Kind is why: "fix" what fails, "read" what could not be read, "state" what
	// only a person can say, "renew" what expires.
	Kind string `json:"kind"`
	// Items are those that it would decide.
	Items    []string        `json:"items"`
	Severity report.Severity `json:"severity"`
	// What is wrong, and what to Do about it, each one sentence or two.
	What string `json:"what"`
	Do   string `json:"do"`
}

package report

// Verdict is what a policy says of a resource. (Readiness has verdicts of its
// own.)
type Verdict string

// The verdicts of a finding. A resource that keeps a rule makes no finding.
const (
	// Deny: the resource breaks the rule.
	Deny Verdict = "deny"
	// Undecided: a value that the rule looks at is not known yet.
	Undecided Verdict = "undecided"
	// Error: the rule itself failed and has judged nothing.
	Error Verdict = "error"
)

// Level is what happens when a rule is broken (Pulumi's enforcement levels).
type Level string

// The levels.
const (
	Advisory  Level = "advisory"
	Mandatory Level = "mandatory"
	Remediate Level = "remediate"
	Disabled  Level = "disabled"
)

// Location is a place in a file of the project.
type Location struct {
	// File is a slash-separated path relative to the project's root, or as the
	// user gave it.
	File string `json:"file"`
	// Line counts from 1; 0 is the file as a whole.
	Line int `json:"line,omitempty"`
}

// Finding is one thing that one rule says of one resource.
type Finding struct {
	// Rule is the rule's ID, e.g. aws-rds-storage-encrypted.
	Rule string `json:"rule"`
	// Title is the rule's, an affirmation: "RDS storage is encrypted".
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	Level    Level    `json:"level"`
	Verdict  Verdict  `json:"verdict"`
	// Resource is the URN, or TYPE::NAMESPACE/NAME of a manifest's object.
	Resource string `json:"resource"`
	// Type is the resource's Pulumi type token, "" when the finding is about
	// no resource (a waiver that has expired).
	Type string `json:"type,omitempty"`
	// Path is the property that decided, in Pulumi's notation
	// (spec.containers[0].image); "" for the resource as a whole.
	Path string `json:"path,omitempty"`
	// Message is one sentence without a full stop, and holds no secret.
	Message string `json:"message"`
	// Remediation says what to do, with an example; may span lines.
	Remediation string `json:"remediation,omitempty"`
	// Diff is what remediation would change, as lines "- path: before" and
	// "+ path: after"; "" when the rule has no safe value to set.
	Diff       string      `json:"diff,omitempty"`
	Frameworks []Framework `json:"frameworks,omitempty"`
	// Waived is whether a waiver is laid over the finding. The verdict stays.
	Waived bool `json:"waived"`
	// Waiver is that waiver.
	Waiver *Waiver `json:"waiver,omitempty"`
	// Location is where the resource is written; nil when nobody knows.
	Location *Location `json:"location"`
}

// Framework is a requirement of a standard that a rule serves, e.g.
// {"CIS EKS", "5.4.2"}.
type Framework struct {
	Name        string `json:"name"`
	Requirement string `json:"requirement"`
}

// Fails tells whether the finding stops what is being done: it was denied or
// could not be judged, nobody waived it, and it is mandatory or at least as bad
// as least. A remediated finding fails where nothing was remedied.
func (f Finding) Fails(least Severity) bool {
	if f.Waived || f.Verdict == Undecided {
		return false
	}
	return f.Level == Mandatory || f.Level == Remediate || f.Severity.AtLeast(least)
}

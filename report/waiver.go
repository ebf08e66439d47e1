package report

// Waiver is an approved exception from one rule for some resources.
type Waiver struct {
	// Rule is the ID of the rule.
	Rule string `json:"rule" yaml:"rule"`
	// Resource is a glob (* matches anything) over TYPE::NAME of the resource,
	// or over the whole URN.
	Resource string `json:"resource" yaml:"resource"`
	// Environments are the stacks that it holds for; empty for all.
	Environments []string `json:"environments,omitempty" yaml:"environments,omitempty"`
	// Reason says why the risk is accepted.
	Reason string `json:"reason" yaml:"reason"`
	// Approver is who approved it.
	Approver string `json:"approver" yaml:"approver"`
	// Ticket is where it was approved, a key or a URL.
	Ticket string `json:"ticket" yaml:"ticket"`
	// Expires is the last day on which it holds, as 2027-02-01.
	Expires string `json:"expires" yaml:"expires"`
	// Line is where it begins in its file, EndLine its last line; 0 when it came
	// from none.
	Line    int `json:"-" yaml:"-"`
	EndLine int `json:"-" yaml:"-"`
}

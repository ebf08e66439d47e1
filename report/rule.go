package report

// Rule is what there is to say about a rule, whether or not it found anything.
type Rule struct {
	// ID is its name everywhere: in findings, waivers and configuration.
	ID string `json:"id"`
	// Title says what holds when the rule is kept.
	Title string `json:"title"`
	// Description is the rationale: what goes wrong otherwise.
	Description string   `json:"description"`
	Severity    Severity `json:"severity"`
	Level       Level    `json:"level"`
	// Remediation says what to do, with an example.
	Remediation string      `json:"remediation"`
	Frameworks  []Framework `json:"frameworks"`
	// ResourceTypes are the Pulumi type tokens that it judges; * stands for any
	// characters.
	ResourceTypes []string `json:"resourceTypes"`
	// URL is where to read more, "" for nowhere.
	URL string `json:"url,omitempty"`
}

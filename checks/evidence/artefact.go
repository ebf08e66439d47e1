package evidence

import "time"

// ArtefactFile is a file that a pipeline has left.
type ArtefactFile struct {
	// Path is as it was found; Format names it: "go-cover", "sarif", "trivy".
	Path   string `json:"path"`
	Format string `json:"format"`
	// At is when it was made. Stated tells whether the file itself says so;
	// else it is when the file was last written, which a checkout or a download
	// makes anew.
	At     time.Time `json:"at"`
	Stated bool      `json:"stated"`
	// Commit is the revision that it is about, "" when it does not say.
	Commit string `json:"commit,omitempty"`
}

// Coverage is one report of what tests run through.
type Coverage struct {
	ArtefactFile
	// Unit is what is counted: "lines", or "statements" for Go.
	Unit    string `json:"unit"`
	Covered int    `json:"covered"`
	Total   int    `json:"total"`
	Files   int    `json:"files"`
}

// Percent is the share that is covered, weighted over all files; 0 of nothing.
func (c Coverage) Percent() float64 {
	if c.Total == 0 {
		return 0
	}
	return 100 * float64(c.Covered) / float64(c.Total)
}

// Scan is one run of an analysis tool, from a SARIF log.
type Scan struct {
	ArtefactFile
	Tool    string `json:"tool"`
	Version string `json:"version"`
	// Completed is false when the tool itself says that it did not end well.
	Completed bool `json:"completed"`
	// Results counts what it found by level (error, warning, note), Suppressed
	// those that somebody has accepted, which Results leaves out.
	Results    map[string]int `json:"results"`
	Suppressed int            `json:"suppressed"`
	// Findings are those of level error or with a security severity of 7 or
	// more, at most 100.
	Findings []ScanFinding `json:"findings"`
}

// ScanFinding is one thing that a tool found.
type ScanFinding struct {
	Rule  string `json:"rule"`
	Level string `json:"level"`
	// Severity is the rule's security-severity (0 to 10), 0 without one.
	Severity float64 `json:"severity"`
	Where    string  `json:"where"`
	Message  string  `json:"message"`
}

// NPMAudit is one report of `npm audit --json`.
type NPMAudit struct {
	ArtefactFile
	// Dependencies counts the packages that were looked at.
	Dependencies int `json:"dependencies"`
	// Vulnerable counts vulnerable packages by severity: info, low, moderate,
	// high, critical.
	Vulnerable map[string]int `json:"vulnerable"`
	// Packages are those of severity high or critical, as "name (severity)".
	Packages []string `json:"packages"`
}

// TrivyReport is one report of Trivy: of an image, a file system or a repository.
type TrivyReport struct {
	ArtefactFile
	Artefact string `json:"artefact"`
	Type     string `json:"type"`
	// Targets counts the package lists that were looked at.
	Targets int `json:"targets"`
	// Vulnerabilities counts them by severity: UNKNOWN, LOW, MEDIUM, HIGH,
	// CRITICAL; Secrets counts credentials that lie in it.
	Vulnerabilities map[string]int `json:"vulnerabilities"`
	Secrets         int            `json:"secrets"`
	// Critical are the critical ones as "CVE in package version (fixed in x)",
	// at most 100.
	Critical []string `json:"critical"`
}

// LoadTest is one summary of k6.
type LoadTest struct {
	ArtefactFile
	// VUs is the most virtual users at once, Seconds how long it ran.
	VUs      int     `json:"vus"`
	Seconds  float64 `json:"seconds"`
	Requests int     `json:"requests"`
	// Failed is the share of requests that failed, P95 the 95th percentile of
	// their duration in milliseconds.
	Failed float64 `json:"failed"`
	P95    float64 `json:"p95"`
	// Thresholds are the test's own, as "metric: condition": whether it held.
	Thresholds map[string]bool `json:"thresholds"`
}

// TestRun is one JUnit report.
type TestRun struct {
	ArtefactFile
	Tests   int `json:"tests"`
	Skipped int `json:"skipped"`
	// Failed are the names of the tests that failed or broke, at most 100;
	// Failures counts all.
	Failed   []string `json:"failed"`
	Failures int      `json:"failures"`
}

const readFile = "read the file"

// The artefacts.
var (
	ArtefactCoverage = Define[[]Coverage](Artefact, "coverage", readFile)
	ArtefactScans    = Define[[]Scan](Artefact, "sarif", readFile)
	ArtefactNPM      = Define[[]NPMAudit](Artefact, "npm-audit", readFile)
	ArtefactImages   = Define[[]TrivyReport](Artefact, "trivy", readFile)
	ArtefactLoad     = Define[[]LoadTest](Artefact, "k6", readFile)
	ArtefactTests    = Define[[]TestRun](Artefact, "junit", readFile)
)

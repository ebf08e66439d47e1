package render

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"gatehouse/report"
)

// What GitHub's code scanning takes.
const (
	mostResults = 25000
	mostTags    = 20
)

// nowhere is the place of a finding whose place nobody knows, because code
// scanning refuses results without one.
var nowhere = report.Location{File: "Pulumi.yaml", Line: 1}

// SARIF writes a SARIF 2.1.0 log, fit for GitHub's code scanning.
func SARIF(w io.Writer, r report.Result, _ Options) error {
	return writeSARIF(w, policiesSARIF(r))
}

func writeSARIF(w io.Writer, runs ...sarifRun) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    runs,
	})
}

// policiesSARIF is what the policies found.
func policiesSARIF(r report.Result) sarifRun {
	run := newSARIFRun("gatehouse-policies/" + environment(r.Environment) + "/")
	index := map[string]int{}
	for i, rule := range described(r) {
		index[rule.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule))
	}
	run.invocation().ExecutionSuccessful = r.Summary.Error == 0
	seen := map[string]int{}
	for i, f := range r.Findings {
		if i == mostResults {
			run.leaveOut(len(r.Findings)-i, "finding")
			break
		}
		run.Results = append(run.Results, sarifResultOf(f, index[f.Rule], fingerprint(f, seen)))
		if f.Verdict == report.Error {
			run.notify("error", f.Rule+" failed: "+f.Message, &sarifRuleReference{ID: f.Rule, Index: index[f.Rule]})
		}
	}
	return run
}

// newSARIFRun is a run without results. Code scanning keeps the results of each
// category apart.
func newSARIFRun(category string) sarifRun {
	return sarifRun{
		Tool:              sarifTool{Driver: sarifDriver{Name: "gatehouse", Rules: []sarifRule{}}},
		AutomationDetails: sarifAutomation{ID: category},
		Invocations:       []sarifInvocation{{}},
		Results:           []sarifResult{},
	}
}

func (r *sarifRun) invocation() *sarifInvocation { return &r.Invocations[0] }

func (r *sarifRun) notify(level, text string, rule *sarifRuleReference) {
	i := r.invocation()
	i.ToolExecutionNotifications = append(i.ToolExecutionNotifications,
		sarifNotification{Level: level, Message: sarifMessageOf(text), AssociatedRule: rule})
}

// leaveOut says that n of what there is are not among the results.
func (r *sarifRun) leaveOut(n int, what string) {
	r.notify("warning", fmt.Sprintf("%s are left out: code scanning takes %d", count(n, what), mostResults), nil)
}

func sarifRuleOf(rule report.Rule) sarifRule {
	description := line(cmp.Or(rule.Description, rule.Title))
	out := sarifRule{
		ID: rule.ID, Name: rule.ID,
		ShortDescription: sarifMessage{Text: line(rule.Title)},
		FullDescription:  sarifMessage{Text: description},
		Help: sarifMessage{
			Text:     join("\n\n", description, strings.Join(lines(rule.Remediation), "\n")),
			Markdown: join("\n\n", escape(description), markdownBlocks(rule.Remediation)),
		},
		DefaultConfiguration: sarifConfiguration{Level: severityLevel(rule.Severity)},
		Properties:           sarifProperties{SecuritySeverity: securitySeverity[rule.Severity], Tags: []string{"security"}},
	}
	if u, err := url.Parse(rule.URL); err == nil && u.IsAbs() {
		out.HelpURI = u.String()
	}
	for _, framework := range rule.Frameworks {
		tag := line(framework.Name + " " + framework.Requirement)
		if tags := out.Properties.Tags; len(tags) < mostTags && !slices.Contains(tags, tag) {
			out.Properties.Tags = append(tags, tag)
		}
	}
	return out
}

// securitySeverity is a score in the range that GitHub calls by the same name.
var securitySeverity = map[report.Severity]string{
	report.Critical: "9.5", report.High: "8.0", report.Medium: "5.5", report.Low: "2.0",
}

func sarifResultOf(f report.Finding, rule int, fingerprint string) sarifResult {
	out := sarifResult{
		RuleID: f.Rule, RuleIndex: rule,
		Level:     level(f),
		Message:   sarifMessageOf(f.Subject() + ": " + says(f)),
		Locations: []sarifLocation{sarifLocationOf(f)},
		// Code scanning looks at no other name.
		PartialFingerprints: map[string]string{"primaryLocationLineHash": fingerprint},
	}
	if f.Verdict == report.Undecided {
		// There was too little to decide on; the level must then be none.
		out.Kind = "open"
	}
	if f.Waived {
		w := waiver(f)
		out.Suppressions = []sarifSuppression{{
			Kind: "external", Status: "accepted",
			Justification: line(fmt.Sprintf("%s (%s)", w.Reason, join(", ", approval(w), "until "+w.Expires))),
		}}
	}
	return out
}

func sarifLocationOf(f report.Finding) sarifLocation {
	at := nowhere
	if f.Location != nil && f.Location.File != "" {
		at = *f.Location
	}
	artifact := sarifArtifact{URI: (&url.URL{Path: path.Clean(at.File)}).String(), URIBaseID: "%SRCROOT%"}
	if path.IsAbs(at.File) {
		artifact = sarifArtifact{URI: (&url.URL{Scheme: "file", Path: at.File}).String()}
	}
	return sarifLocation{
		PhysicalLocation: sarifPhysical{ArtifactLocation: artifact, Region: sarifRegion{StartLine: max(1, at.Line)}},
		LogicalLocations: []sarifLogical{{FullyQualifiedName: line(f.Resource), Kind: "resource"}},
	}
}

// fingerprint knows a finding again after its line has moved, and tells those
// apart that share a line, such as resources made in a loop. A finding that is
// there twice gets a number.
func fingerprint(f report.Finding, seen map[string]int) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, f.Resource, f.Path}, "\x00")))
	hash := hex.EncodeToString(sum[:16])
	seen[hash]++
	return fmt.Sprintf("%s:%d", hash, seen[hash])
}

// sarifMessageOf is one line of text. A single brace would name an argument of
// the message.
func sarifMessageOf(text string) sarifMessage {
	return sarifMessage{Text: strings.NewReplacer("{", "{{", "}", "}}").Replace(line(text))}
}

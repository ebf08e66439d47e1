package artefact

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gatehouse/checks/evidence"
)

// The parts of a SARIF log (OASIS SARIF 2.1.0) that decide.
type (
	sarifLog struct {
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver     sarifComponent   `json:"driver"`
			Extensions []sarifComponent `json:"extensions"`
		} `json:"tool"`
		Invocations []struct {
			Successful *bool     `json:"executionSuccessful"`
			Start      time.Time `json:"startTimeUtc"`
			End        time.Time `json:"endTimeUtc"`
		} `json:"invocations"`
		Provenance []struct {
			Revision string `json:"revisionId"`
		} `json:"versionControlProvenance"`
		// Results is nil when the tool did not look (3.14.23).
		Results []sarifResult `json:"results"`
	}
	sarifComponent struct {
		Name            string      `json:"name"`
		Version         string      `json:"version"`
		SemanticVersion string      `json:"semanticVersion"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string `json:"id"`
		Configuration struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
		Properties struct {
			// Severity is text in CodeQL's logs, a number in others'.
			Severity json.RawMessage `json:"security-severity"`
		} `json:"properties"`
	}
	sarifResult struct {
		RuleID    string `json:"ruleId"`
		RuleIndex *int   `json:"ruleIndex"`
		Rule      struct {
			ID    string `json:"id"`
			Index *int   `json:"index"`
		} `json:"rule"`
		Kind     string `json:"kind"`
		Level    string `json:"level"`
		Baseline string `json:"baselineState"`
		Message  struct {
			Text string `json:"text"`
		} `json:"message"`
		Suppressions []struct {
			Status string `json:"status"`
		} `json:"suppressions"`
		Locations []struct {
			Physical struct {
				Artifact struct {
					URI string `json:"uri"`
				} `json:"artifactLocation"`
				Region struct {
					Line int `json:"startLine"`
				} `json:"region"`
			} `json:"physicalLocation"`
		} `json:"locations"`
	}
)

func parseSARIF(file evidence.ArtefactFile, text []byte) ([]evidence.Scan, error) {
	var log sarifLog
	if err := fromJSON(text, &log); err != nil {
		return nil, err
	}
	switch {
	case log.Version != "2.1.0":
		return nil, fmt.Errorf("its version is %q, SARIF 2.1.0 is wanted", log.Version)
	case len(log.Runs) == 0:
		return nil, errors.New("it has no runs: no tool has written it")
	}
	file.Format = "sarif"
	var scans []evidence.Scan
	for _, run := range log.Runs {
		scans = append(scans, run.scan(file))
	}
	return scans, nil
}

func (r sarifRun) scan(file evidence.ArtefactFile) evidence.Scan {
	driver := r.Tool.Driver
	scan := evidence.Scan{
		ArtefactFile: file, Tool: driver.Name, Version: cmp.Or(driver.SemanticVersion, driver.Version),
		Completed: r.Results != nil, Results: map[string]int{},
	}
	for _, i := range r.Invocations {
		scan.Completed = scan.Completed && (i.Successful == nil || *i.Successful)
		stated(&scan.ArtefactFile, i.Start)
		stated(&scan.ArtefactFile, i.End)
	}
	if len(r.Provenance) > 0 {
		scan.Commit = r.Provenance[0].Revision
	}
	for _, result := range r.Results {
		rule := r.rule(result)
		level, severity := result.level(rule), rule.severity()
		switch {
		case level == "" || result.Baseline == "absent":
			continue
		case result.suppressed():
			scan.Suppressed++
			continue
		}
		scan.Results[level]++
		if (level == "error" || severity >= 7) && len(scan.Findings) < some {
			scan.Findings = append(scan.Findings, evidence.ScanFinding{
				Rule: cmp.Or(result.RuleID, result.Rule.ID, rule.ID), Level: level, Severity: severity,
				Where: result.where(), Message: shorten(result.Message.Text),
			})
		}
	}
	return scan
}

// rule finds a result's rule: by its index in the driver, or by its ID, of which
// the part after a slash is a detail.
func (r sarifRun) rule(result sarifResult) sarifRule {
	id := cmp.Or(result.RuleID, result.Rule.ID)
	base, _, _ := strings.Cut(id, "/")
	for _, component := range append([]sarifComponent{r.Tool.Driver}, r.Tool.Extensions...) {
		for _, rule := range component.Rules {
			if id != "" && (rule.ID == id || rule.ID == base) {
				return rule
			}
		}
	}
	index := result.RuleIndex
	if index == nil {
		index = result.Rule.Index
	}
	if rules := r.Tool.Driver.Rules; id == "" && index != nil && *index >= 0 && *index < len(rules) {
		return rules[*index]
	}
	return sarifRule{}
}

func (r sarifRule) severity() float64 {
	severity, err := strconv.ParseFloat(strings.Trim(string(r.Properties.Severity), `"`), 64)
	if err != nil || severity < 0 || severity > 10 {
		return 0
	}
	return severity
}

// level is error, warning or note; "" for a result that is no failure. What
// nobody says is warning (3.27.10).
func (r sarifResult) level(rule sarifRule) string {
	if r.Kind != "" && r.Kind != "fail" || r.Level == "none" {
		return ""
	}
	return cmp.Or(r.Level, rule.Configuration.Level, "warning")
}

// suppressed tells whether somebody has accepted the result: a suppression
// without a status counts as accepted (3.27.23).
func (r sarifResult) suppressed() bool {
	for _, s := range r.Suppressions {
		if s.Status == "rejected" || s.Status == "underReview" {
			return false
		}
	}
	return len(r.Suppressions) > 0
}

func (r sarifResult) where() string {
	if len(r.Locations) == 0 {
		return ""
	}
	at := r.Locations[0].Physical
	if at.Region.Line == 0 {
		return at.Artifact.URI
	}
	return fmt.Sprintf("%s:%d", at.Artifact.URI, at.Region.Line)
}

// shorten keeps a message to one short line.
func shorten(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if letters := []rune(line); len(letters) > 200 {
		return string(letters[:200]) + "…"
	}
	return line
}

package evaluate

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

// judgement is one rule before one resource.
type judgement struct {
	evaluator *Evaluator
	rule      pack.Rule
	reads     []pack.Read
	resource  input.Resource
	document  document
	// linked are the top-level properties whose origin is known although their
	// value is not: enough for rules about the stack.
	linked map[string]bool
}

// findings turns the answer of the rule into findings.
func (j judgement) findings(a answer) []report.Finding {
	if a.err != nil {
		return []report.Finding{j.finding(report.Error, nil, "the rule failed: "+firstLine(a.err))}
	}
	var denied, undecided []report.Finding
	for _, item := range a.set {
		path, message, err := parseDenial(item)
		if err != nil {
			return []report.Finding{j.finding(report.Error, nil, "the rule failed: "+err.Error())}
		}
		if h, hidden := j.hides(path); hidden {
			undecided = append(undecided, j.undecided(h))
			continue
		}
		if message == "" {
			message = "does not hold: " + j.rule.Title
		}
		denied = append(denied, j.finding(report.Deny, path, message))
	}
	if len(denied) > 0 {
		return denied
	}
	return distinct(undecided)
}

// unseen is what a rule says that has not seen everything it looks at.
func (j judgement) unseen() []report.Finding {
	for _, h := range j.document.holes {
		if j.looksAt(h) {
			return []report.Finding{j.undecided(h)}
		}
	}
	return nil
}

// hides returns the unknown value that a denial at a path rests on.
func (j judgement) hides(path resource.PropertyPath) (hole, bool) {
	for _, h := range j.document.holes {
		if pack.Overlap(h.path, path) && j.looksAt(h) {
			return h, true
		}
	}
	return hole{}, false
}

// looksAt tells whether the rule looks at an unknown value.
func (j judgement) looksAt(h hole) bool {
	top, _ := h.path[0].(string)
	for _, read := range j.reads {
		if pack.Overlap(h.path, read.Path) && (read.Content || !j.linked[top]) {
			return true
		}
	}
	return false
}

func (j judgement) undecided(h hole) report.Finding {
	message := h.path.String() + " is not known before up"
	if h.secret {
		message = h.path.String() + " is a secret that cannot be read here"
	}
	return j.finding(report.Undecided, h.path, message)
}

func (j judgement) finding(verdict report.Verdict, path resource.PropertyPath, message string) report.Finding {
	f := report.Finding{
		Rule: j.rule.ID, Title: j.rule.Title, Severity: j.rule.Severity, Level: j.evaluator.Level(j.rule.ID), Verdict: verdict,
		Resource: j.resource.URN, Type: j.resource.Type, Message: redact(message, j.document.secrets),
		Remediation: j.rule.Remediation, Frameworks: j.rule.Frameworks, Location: j.resource.Location,
	}
	if len(path) > 0 {
		f.Path = path.String()
	}
	if j.resource.Locate != nil {
		if at := j.resource.Locate(path); at != nil {
			f.Location = at
		}
	}
	return f
}

// parseDenial reads {"path": [...], "message": "…"}.
func parseDenial(item any) (resource.PropertyPath, string, error) {
	fields, ok := item.(map[string]any)
	if !ok {
		return nil, "", fmt.Errorf("a denial is %T; expected an object with path and message", item)
	}
	path, err := parsePath(fields["path"])
	message, _ := fields["message"].(string)
	return path, message, err
}

func parsePath(value any) (resource.PropertyPath, error) {
	steps, ok := value.([]any)
	if !ok && value != nil {
		return nil, fmt.Errorf("a path is %T; expected an array of keys and indexes", value)
	}
	path := make(resource.PropertyPath, len(steps))
	for i, step := range steps {
		switch step := step.(type) {
		case string:
			path[i] = step
		case interface{ Int64() (int64, error) }:
			n, err := step.Int64()
			if err != nil {
				return nil, fmt.Errorf("a path has the index %v", step)
			}
			path[i] = int(n)
		default:
			return nil, fmt.Errorf("a path has a step of %T; expected a key or an index", step)
		}
	}
	return path, nil
}

// distinct keeps one finding a path.
func distinct(findings []report.Finding) []report.Finding {
	seen := map[string]bool{}
	var kept []report.Finding
	for _, f := range findings {
		if !seen[f.Path] {
			seen[f.Path] = true
			kept = append(kept, f)
		}
	}
	return kept
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

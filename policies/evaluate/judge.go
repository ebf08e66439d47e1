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
	rule      *pack.Rule
	reads     []pack.Read
	resource  *input.Resource
	document  *document
	// names are those that the rule does not look into; nil for none.
	names *names
	// linked are the top-level properties whose origin is known although their
	// value is not: enough for rules about the stack.
	linked map[string]bool
}

// findings turns what the rule says into findings, behind those that are there.
func (j *judgement) findings(found []report.Finding, s saying) []report.Finding {
	if s.err != "" {
		return append(found, j.finding(report.Error, nil, "", "the rule failed: "+j.names.named(s.err)))
	}
	var undecided []report.Finding
	before := len(found)
	for i := range s.denials {
		d := &s.denials[i]
		if h, hidden := j.hides(d.path); hidden {
			undecided = append(undecided, j.undecided(h))
			continue
		}
		message := j.names.named(d.message)
		if message == "" {
			message = "does not hold: " + j.rule.Title
		}
		found = append(found, j.finding(report.Deny, d.path, d.at, message))
	}
	if len(found) > before {
		return found
	}
	return append(found, distinct(undecided)...)
}

// unseen is what a rule says that has not seen everything it looks at.
func (j *judgement) unseen() []report.Finding {
	for _, h := range j.document.holes {
		if j.looksAt(h) {
			return []report.Finding{j.undecided(h)}
		}
	}
	return nil
}

// hides returns the unknown value that a denial at a path rests on.
func (j *judgement) hides(path resource.PropertyPath) (hole, bool) {
	for _, h := range j.document.holes {
		if pack.Overlap(h.path, path) && j.looksAt(h) {
			return h, true
		}
	}
	return hole{}, false
}

// looksAt tells whether the rule looks at an unknown value.
func (j *judgement) looksAt(h hole) bool {
	top, _ := h.path[0].(string)
	for _, read := range j.reads {
		if pack.Overlap(h.path, read.Path) && (read.Content || !j.linked[top]) {
			return true
		}
	}
	return false
}

func (j *judgement) undecided(h hole) report.Finding {
	at := h.path.String()
	message := at + " is not known before up"
	if h.secret {
		message = at + " is a secret that cannot be read here"
	}
	return j.finding(report.Undecided, h.path, at, message)
}

// finding is one at a path, which is also given as text.
func (j *judgement) finding(verdict report.Verdict, path resource.PropertyPath, at, message string) report.Finding {
	f := report.Finding{
		Rule: j.rule.ID, Title: j.rule.Title, Severity: j.rule.Severity, Level: j.evaluator.Level(j.rule.ID), Verdict: verdict,
		Resource: j.resource.URN, Type: j.resource.Type, Path: at, Message: redact(message, j.document.secrets),
		Remediation: j.rule.Remediation, Frameworks: j.rule.Frameworks, Location: j.resource.Location,
	}
	if j.resource.Locate != nil {
		if place := j.resource.Locate(path); place != nil {
			f.Location = place
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

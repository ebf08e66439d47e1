package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gatehouse/report"
)

// mostAnnotations is how many annotations of one level GitHub keeps of a step.
const mostAnnotations = 10

// GitHub writes workflow commands, which GitHub Actions turns into annotations
// of a pull request's lines. Waived findings are not shown; of the others the
// worst are, and the last notice tells how many there are besides.
func GitHub(w io.Writer, r report.Result, _ Options) error {
	s := apart(r)
	var b strings.Builder
	shown, left := map[string]int{}, 0
	for _, f := range slices.Concat(s.errors, s.denied, s.undecided) {
		command := annotation(f)
		most := mostAnnotations
		if command == "notice" {
			most-- // room for the last one
		}
		if shown[command]++; shown[command] > most {
			left++
			continue
		}
		title := fmt.Sprintf("%s: %s", f.Severity, line(f.Title))
		if f.Verdict != report.Deny {
			title = fmt.Sprintf("%s: %s", f.Verdict, line(f.Title))
		}
		text := []string{line(says(f)), line(f.Subject()), f.Rule}
		if f.Remediation != "" {
			text = append(append(text, ""), lines(f.Remediation)...)
		}
		b.WriteString(workflowCommand(command, f.Location, title, strings.Join(text, "\n")))
	}
	if left > 0 {
		b.WriteString(workflowCommand("notice", nil, "Policies", fmt.Sprintf("%d more are not annotated: %s", left, Line(r))))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// annotation is the level at which GitHub shows a finding.
func annotation(f report.Finding) string {
	if l := level(f); l == "error" || l == "warning" {
		return l
	}
	return "notice"
}

// level is how bad a finding is where there are three levels and none (SARIF's
// words).
func level(f report.Finding) string {
	switch f.Verdict {
	case report.Undecided:
		return "none"
	case report.Error:
		return "error"
	default:
		return severityLevel(f.Severity)
	}
}

func severityLevel(s report.Severity) string {
	switch s {
	case report.Critical, report.High:
		return "error"
	case report.Medium:
		return "warning"
	default:
		return "note"
	}
}

// workflowCommand is one line; what would end a property or the line is written
// in per cent.
func workflowCommand(command string, at *report.Location, title, text string) string {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var properties []string
	if at != nil && at.File != "" {
		properties = append(properties, "file="+property.Replace(line(at.File)))
		if at.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", at.Line))
		}
	}
	properties = append(properties, "title="+property.Replace(title))
	return fmt.Sprintf("::%s %s::%s\n", command, strings.Join(properties, ","), data.Replace(text))
}

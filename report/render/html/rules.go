package html

import (
	"fmt"
	"slices"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// ruleGroup are the findings of one rule.
type ruleGroup struct {
	ID, Title, Anchor string
	Severity          report.Severity
	Level             report.Level
	Frameworks        string
	Serves            string // the anchors of its frameworks, apart by spaces
	// Remediation is what all findings advise; "" when each has its own.
	Remediation string
	Verdicts    []counted
	Waived      int
	Findings    []finding
}

// finding points at the run's: there may be very many.
type finding struct {
	*report.Finding
	Look look
	// Advice is the remediation when the group has none.
	Advice string
}

// Place is where the resource is written, "" when nobody knows.
func (f finding) Place() string {
	if f.Location == nil {
		return ""
	}
	if f.Location.Line == 0 {
		return f.Location.File
	}
	return fmt.Sprintf("%s:%d", f.Location.File, f.Location.Line)
}

// ruleGroups group the findings by rule, in the order in which they come.
func ruleGroups(p readiness.Policies, x *index) []ruleGroup {
	var out []ruleGroup
	at := map[string]int{}
	for i := range p.Findings {
		f := &p.Findings[i]
		g, seen := at[f.Rule]
		if !seen {
			g = len(out)
			at[f.Rule] = g
			out = append(out, ruleGroup{
				ID: f.Rule, Title: f.Title, Anchor: x.rules.add(f.Rule), Severity: f.Severity, Level: f.Level,
				Frameworks: requirements(f.Frameworks), Serves: x.serves(f.Frameworks), Remediation: f.Remediation,
			})
		}
		out[g].Findings = append(out[g].Findings, finding{Finding: f, Look: known(findingLooks, f.Verdict)})
	}
	for i := range out {
		out[i].finish()
	}
	return out
}

// finish counts the group, and says once what all of its findings say.
func (g *ruleGroup) finish() {
	for _, f := range g.Findings {
		if f.Waived {
			g.Waived++
			continue
		}
		at := slices.IndexFunc(g.Verdicts, func(c counted) bool { return c.look == f.Look })
		if at < 0 {
			at = len(g.Verdicts)
			g.Verdicts = append(g.Verdicts, counted{look: f.Look})
		}
		g.Verdicts[at].N++
	}
	if slices.ContainsFunc(g.Findings, func(f finding) bool { return f.Remediation != g.Remediation }) {
		g.Remediation = ""
		for i := range g.Findings {
			g.Findings[i].Advice = g.Findings[i].Remediation
		}
	}
}

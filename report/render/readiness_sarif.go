package render

import (
	"io"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// ReadinessSARIF writes a SARIF 2.1.0 log of two runs: the items of the
// checklist, each a rule with one result, and what the policies found, when they
// ran.
func ReadinessSARIF(w io.Writer, r readiness.Run, _ Options) error {
	runs := []sarifRun{itemsSARIF(r)}
	if r.Policies != nil {
		runs = append(runs, policiesSARIF(policiesResult(r)))
	}
	return writeSARIF(w, runs...)
}

// policiesResult is the run of the policies as their own renderers take it.
func policiesResult(r readiness.Run) report.Result {
	out := report.Result{
		Environment: r.Environment, Source: r.Policies.Source, Findings: r.Policies.Findings, Summary: r.Policies.Summary,
		FailOn: r.Summary.FailOn,
	}
	remedy := map[string]string{}
	for _, f := range out.Findings {
		remedy[f.Rule] = f.Remediation
	}
	for _, rule := range r.Policies.Rules {
		out.Rules = append(out.Rules, report.Rule{
			ID: rule.ID, Title: rule.Title, Severity: rule.Severity, Level: rule.Level,
			Remediation: remedy[rule.ID], Frameworks: rule.Frameworks,
		})
	}
	return out
}

// itemsSARIF is what was judged of the checklist.
func itemsSARIF(r readiness.Run) sarifRun {
	run := newSARIFRun("gatehouse-readiness/" + environment(r.Environment) + "/")
	run.invocation().ExecutionSuccessful = r.Summary.Error == 0 && !r.Interrupted
	if r.Interrupted {
		run.notify("error", interrupted, nil)
	}
	seen, index := map[string]int{}, map[string]int{}
	for i, item := range r.Items {
		if i == mostResults {
			run.leaveOut(len(r.Items)-i, "item")
			break
		}
		rule, known := index[item.ID]
		if !known {
			rule = len(run.Tool.Driver.Rules)
			index[item.ID] = rule
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(report.Rule{
				ID: item.ID, Title: item.Title, Description: item.Text, Severity: item.Severity,
				Remediation: item.Remediation, Frameworks: item.Frameworks,
			}))
		}
		mark := fingerprint(report.Finding{Rule: item.ID, Resource: r.Environment}, seen)
		run.Results = append(run.Results, itemResult(r.Environment, item, rule, mark))
		if item.Verdict == readiness.Error {
			run.notify("error", item.ID+" could not be judged: "+item.Found, &sarifRuleReference{ID: item.ID, Index: rule})
		}
	}
	return run
}

// sarifKinds are SARIF's words for verdicts; "" is a failure, its default. Only
// a failure has a level.
var sarifKinds = map[readiness.Verdict]string{
	readiness.Pass: "pass", readiness.Unknown: "open", readiness.Manual: "review", readiness.NotApplicable: "notApplicable",
}

func itemResult(environment string, item readiness.Item, rule int, mark string) sarifResult {
	out := sarifResult{
		RuleID: item.ID, RuleIndex: rule, Kind: sarifKinds[item.Verdict], Level: "none",
		Message:             sarifMessageOf(join(": ", item.ID+" "+item.Title, item.Found)),
		Locations:           []sarifLocation{itemLocation(environment, item)},
		PartialFingerprints: map[string]string{"primaryLocationLineHash": mark},
		Properties:          map[string]any{"verdict": item.Verdict, "guide": line(item.Guide), "section": line(item.Section)},
	}
	switch {
	case item.Verdict == readiness.Fail:
		out.Level = severityLevel(item.Severity)
	case out.Kind == "":
		out.Level = "error"
	}
	if len(item.Evidence) > 0 {
		out.Properties["evidence"] = item.Evidence
	}
	if item.Vacuous {
		out.Properties["vacuous"] = true
	}
	if o := item.Overlay; o != nil && !item.Open() {
		out.Suppressions = []sarifSuppression{{
			Kind: "external", Status: "accepted",
			Justification: line(join(": ", join(", ", statement(o), o.Link), o.Reason)),
		}}
	}
	return out
}

// itemLocation names what an item looked at: the subjects that are wrong, each
// once as the standard demands, else the environment.
func itemLocation(environment string, item readiness.Item) sarifLocation {
	at := sarifLocationOf(report.Finding{Resource: environment})
	var wrong []sarifLogical
	known := map[string]bool{}
	for _, part := range item.Judgements {
		for _, f := range part.Failures {
			if where := line(f.Where); !known[where] {
				known[where] = true
				wrong = append(wrong, sarifLogical{FullyQualifiedName: where, Kind: "resource"})
			}
		}
	}
	if len(wrong) > 0 {
		at.LogicalLocations = wrong
	}
	return at
}

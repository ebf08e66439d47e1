package readinesstest

import (
	"fmt"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// manyRules is how many rules the findings of [Many] are of.
const manyRules = 150

// Many is the rich run with n findings of 150 rules, sorted as a run sorts them,
// each as long as those of a real state: for measuring.
func Many(n int) readiness.Run {
	r := Rich()
	var result report.Result
	p := &readiness.Policies{Source: "state of staging", Rules: make([]readiness.PolicyRule, 0, manyRules)}
	for i := range manyRules {
		p.Rules = append(p.Rules, readiness.PolicyRule{
			ID: fmt.Sprintf("kubernetes-containers-rule-%03d", i), Title: fmt.Sprintf("Containers keep rule %d", i),
			Severity: report.Severities[i%len(report.Severities)], Level: report.Advisory, Matched: true,
			Frameworks: frameworks("ISO 27001", "A.8.32", "NIST 800-53", "SI-7", "SOC 2", "CC8.1"),
		})
	}
	for i := range n {
		result.Findings = append(result.Findings, manyFinding(i, p.Rules[i%manyRules]))
	}
	result.Finish(report.High)
	p.Findings, p.Summary = result.Findings, result.Summary
	p.Summary.Rules, p.Summary.Resources = manyRules, n
	r.Policies = p
	r.Finish(report.High)
	return r
}

func manyFinding(i int, rule readiness.PolicyRule) report.Finding {
	f := report.Finding{
		Rule: rule.ID, Title: rule.Title, Severity: rule.Severity, Level: rule.Level, Verdict: report.Deny,
		Resource: fmt.Sprintf(urn+"portal$gatehouse:kubernetes:Backup$kubernetes:batch/v1:Job::gatehouse-staging-backup-database-%05d", i),
		Type:     "kubernetes:batch/v1:Job", Path: fmt.Sprintf("spec.template.spec.containers[%d].image", i%3),
		Message: fmt.Sprintf("image 123456789012.dkr.ecr.us-west-2.amazonaws.com/gatehouse-staging/service-%d:1.0.0 has no digest", i),
		Remediation: "Let the build write the digest that it pushed:\n" +
			"  image: 123456789012.dkr.ecr.us-west-2.amazonaws.com/portal@sha256:4f53…",
		Frameworks: rule.Frameworks, Location: &report.Location{File: "components/backup/jobs.go", Line: i%400 + 1},
	}
	switch i % 20 {
	case 3:
		f.Verdict = report.Undecided
	case 7:
		f.Waived = true
		f.Waiver = &report.Waiver{
			Rule: rule.ID, Resource: "kubernetes:batch/v1:Job::*", Reason: "The image is built on the way",
			Approver: "Platform team", Ticket: "GH-5", Expires: "2027-05-31",
		}
	}
	return f
}

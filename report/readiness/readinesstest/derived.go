package readinesstest

import (
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

func percent(n int) *int { return &n }

// ref is the run that many days before the rich one.
func ref(r *readiness.Run, days int) readiness.Ref {
	at := started.Add(-time.Duration(days) * 24 * time.Hour)
	return readiness.Ref{ID: r.Environment + "-" + at.Format(readiness.IDTime), Environment: r.Environment, Started: at}
}

// trend rises and falls, and has a run of which nothing applied.
func trend(r *readiness.Run) []readiness.Point {
	var out []readiness.Point
	for i, pass := range []int{0, 2, 4, 4, 6, 7, 5} {
		p := readiness.Point{
			Ref: ref(r, 6-i), Percent: percent((pass + 2) * 100 / 13),
			Counts: readiness.Counts{Pass: pass, Fail: 1, Error: 1, Unknown: 8 - pass, NotApplicable: 1, Manual: 3, Attested: 2},
		}
		if i == 0 {
			p.Counts, p.Percent = readiness.Counts{NotApplicable: 14}, nil
		}
		if i == 6 {
			p.Counts, p.Percent = r.Summary.Counts, r.Summary.Percent
		}
		out = append(out, p)
	}
	return out
}

func comparison(r *readiness.Run) *readiness.Comparison {
	return &readiness.Comparison{
		Before: ref(r, 1), After: ref(r, 0), Better: 1, Worse: 2, New: 1, Gone: 1, Incomparable: 1, Same: 11, Worsened: true,
		Changes: []readiness.Change{
			{
				ID: "DB-3", Title: "Backups", Severity: report.Critical, Direction: readiness.Worse, Before: "PASS", After: "FAIL",
				Evidence: []string{"aws.rds.instances"}, Why: "The newest restorable time is 26 h old, and was 5 min old",
			},
			{
				ID: "K8S-5", Title: "Network Policies", Severity: report.High, Direction: readiness.Incomparable, Before: "PASS",
				After: "UNKNOWN", Evidence: []string{"kubernetes.networkpolicies"}, Why: "What decides could not be read this time",
			},
			{
				ID: "OLD-9", Title: "Retired item", Severity: report.Low, Direction: readiness.Gone, Before: "PASS",
				Evidence: []string{}, Why: "The checklist has it no more",
			},
			{
				ID: "MNT-1", Title: "Announcement", Severity: report.Low, Direction: readiness.New, After: "MANUAL (attested)",
				Evidence: []string{}, Why: "The checklist has it since this run",
			},
			{
				ID: "APP-2", Title: "Health Checks", Severity: report.High, Direction: readiness.Better, Before: "FAIL", After: "PASS",
				Evidence: []string{"web.headers"}, Why: "The portal answers again",
			},
		},
		Findings: []readiness.Change{{
			ID: "aws-rds-storage-encrypted", Resource: urn + "data$aws:rds/instance:Instance::postgres", Title: "RDS storage is encrypted",
			Severity: report.Critical, Direction: readiness.Worse, After: "deny", Evidence: []string{}, Why: "The finding is new",
		}},
	}
}

// Package readinesstest makes runs to test renderers and readers of runs with:
// every verdict, every overlay, every list filled, texts that mean harm. What
// [readiness.Run.Finish] does not derive (standards, comparison, trend) is
// written by hand. Nothing here reads a clock or throws dice.
package readinesstest

import (
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Now is the time at which the reports of these runs are made: a minute after
// [Rich] began.
var Now = time.Date(2026, time.November, 22, 10, 16, 0, 0, time.UTC)

// started is when Rich began.
var started = Now.Add(-time.Minute)

// Rich is a run in which everything that a report can show occurs. Each call
// makes a new one.
func Rich() readiness.Run {
	r := readiness.Run{
		Format: readiness.Format, ID: "staging-20261122T101500Z", Environment: "staging",
		Account: "123456789012", Region: "us-west-2", Sandbox: true, Started: started, Seconds: 3.851,
		Versions: []readiness.Version{
			{Name: "gatehouse", Version: "1.6.0"},
			{Name: "checklist", Version: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"},
			{Name: "policies", Version: "sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"},
			{Name: "kubernetes", Version: "v1.34.1"},
			{Name: "postgres", Version: "15.18"},
		},
		Identities: []readiness.Identity{
			{Source: "aws", Name: "arn:aws:sts::123456789012:assumed-role/gatehouse-auditor/ci"},
			{Source: "kubernetes", Name: "system:serviceaccount:gatehouse:auditor"},
			{Source: "postgres", Name: "gatehouse_readiness"},
		},
		Project: &readiness.Commit{
			Hash: "7c9e4f1b2a3d5e6f708192a3b4c5d6e7f8091a2b", Author: "Grace Hopper <grace@example.com>",
			At: started.Add(-26 * time.Hour), Signed: true, Dirty: true,
		},
		Items: items(), Evidence: Evidence(), Policies: policies(), Deployed: deployed(), Access: access(),
		Expiring: expiring(),
	}
	r.Finish(report.High)
	r.Frameworks, r.Comparison, r.Trend = frameworkViews(), comparison(&r), trend(&r)
	return r
}

// Ready is a run with nothing left open, and nothing to compare it with: the
// other first screen.
func Ready() readiness.Run {
	r := Rich()
	item := r.Items[0]
	item.History = []readiness.Past{}
	r.ID, r.Environment, r.Sandbox, r.Project.Dirty = "production-20261122T101500Z", "production", false, false
	r.Items, r.Evidence = []readiness.Item{item}, r.Evidence[4:6]
	r.Policies.Findings = []report.Finding{}
	r.Policies.Summary.Deny, r.Policies.Summary.Waived, r.Policies.Summary.Undecided, r.Policies.Summary.Error = 0, 0, 0, 0
	r.Policies.Summary.BySeverity = map[report.Severity]int{}
	r.Expiring, r.Deployed.Simulated = []readiness.Expiring{}, nil
	r.Finish(report.High)
	r.Frameworks, r.Comparison = []readiness.Framework{}, nil
	r.Trend = []readiness.Point{{
		Ref:    readiness.Ref{ID: r.ID, Environment: r.Environment, Started: r.Started},
		Counts: r.Summary.Counts, Percent: r.Summary.Percent, Ready: true,
	}}
	return r
}

// Bare is a run that was cut off before anything was read: no items, no state,
// no policies, nobody to name.
func Bare() readiness.Run {
	r := readiness.Run{
		Format: readiness.Format, ID: "staging-20261122T101500Z", Environment: "staging", Started: started,
		Interrupted: true, NoPolicies: "the state of staging could not be read",
	}
	r.Finish(report.High)
	return r
}

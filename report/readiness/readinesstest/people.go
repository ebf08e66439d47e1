package readinesstest

import (
	"gatehouse/report"
	"gatehouse/report/readiness"
)

// peopleItems are those about the way that people work, and about deploying.
func peopleItems() []readiness.Item {
	return []readiness.Item{
		single(readiness.Item{
			ID: "COMP-1", Guide: "readiness", Section: "Compliance", Title: "Data Classification",
			Text: "Data classification documented", Severity: report.Medium, Phase: readiness.Periodic,
			Frameworks: frameworks("ISO 27001", "A.5.12", "SOC 2", "C1.1"), Verdict: readiness.Manual,
			Overlay: &readiness.Overlay{
				Kind: readiness.Attested, By: "Ada Lovelace", On: "2026-10-01", Expires: "2027-10-01", Commit: commit(),
				Reason: "The classification was reviewed with the owners of all data", Link: "https://wiki.example.com/data?page=1&view=all",
			},
			Expected: "A person states that the classification is documented and known",
			Found:    "Ada Lovelace stated on 2026-10-01: the classification was reviewed", Evidence: []string{},
			Remediation: "gatehouse attest COMP-1",
		}, readiness.Judgement{Checker: "attestation", Subjects: 1}),
		single(readiness.Item{
			ID: "COMP-3", Guide: "readiness", Section: "Compliance", Title: "Access Review",
			Text: "Access is reviewed quarterly", Severity: report.High, Phase: readiness.Periodic,
			Frameworks: frameworks("ISO 27001", "A.5.18", "SOC 2", "CC6.3", "NIST 800-53", "AC-2"), Verdict: readiness.Manual,
			Expected: "A person states that who can do what was reviewed",
			Found:    "nobody has stated it: gatehouse attest COMP-3", Evidence: []string{},
			Remediation: "gatehouse attest COMP-3 --link LINK --statement TEXT",
		}, readiness.Judgement{Checker: "attestation"}),
		single(readiness.Item{
			ID: "INF-4", Guide: "deployment", Section: "Infrastructure", Title: "Disaster Recovery",
			Text: "Second region prepared", Severity: report.Medium, Phase: readiness.PreDeploy, Frameworks: frameworks(),
			Verdict: readiness.NotApplicable, Layer: "network", Expected: "a second region is prepared",
			Found: "staging has one region by its configuration", Evidence: []string{"state.summary"}, Remediation: "Add a region.",
			History: past(readiness.NotApplicable, readiness.NotApplicable, "staging has one region by its configuration"),
		}, readiness.Judgement{Checker: "second-region", Subjects: 1, Reasons: []string{"gatehouse:regions names one region"}}),
		{
			ID: "MON-1", Guide: "deployment", Section: "Monitoring", Title: "Alerts", Text: "Alerts are configured and tested",
			Severity: report.High, Phase: readiness.PostDeploy, Frameworks: frameworks("SOC 2", "CC7.2", "NIST 800-53", "SI-4"),
			Verdict: readiness.Pass, Layer: "platform", Expected: "the alerts of the guide are loaded; no policy rule of the item denies a resource",
			Found: "31 alerts, all loaded; 5 rules, none denies", Evidence: []string{"prometheus.rules", "alertmanager.routing"},
			Judgements: []readiness.Judgement{
				{
					Checker: "alert-rules-present", Verdict: readiness.Pass, Subjects: 31, Expected: "the alerts of the guide are loaded",
					Found: "31 alerts, all loaded", Evidence: []string{"prometheus.rules", "alertmanager.routing"},
				},
				{
					Checker: "policies", Verdict: readiness.Pass, Subjects: 5, Expected: "no policy rule of the item denies a resource",
					Found: "5 rules, none denies", Evidence: []string{},
				},
			},
			Remediation: "Load the rules.", History: past(readiness.Pass, readiness.Unknown, "31 alerts, all loaded"),
		},
		single(readiness.Item{
			ID: "APP-2", Guide: "deployment", Section: "Application", Title: "Health Checks", Text: "Health checks are passing",
			Severity: report.High, Phase: readiness.PostDeploy, Frameworks: frameworks("SOC 2", "A1.1"), Verdict: readiness.Pass,
			Layer: "portal", Expected: "the portal answers its health checks", Found: "3 of 3 answer with 200",
			Evidence: []string{"web.headers"}, Remediation: "kubectl logs deployment/backstage",
			History: past(readiness.Fail, readiness.Fail, "0 of 3 answer"),
		}, readiness.Judgement{Checker: "health", Subjects: 3}),
		single(readiness.Item{
			ID: "MNT-1", Guide: "maintenance", Section: "Before maintenance", Title: "Announcement",
			Text: "Users are told of the window", Severity: report.Low, Phase: readiness.Periodic, Frameworks: frameworks(),
			Verdict: readiness.Manual, Overlay: &readiness.Overlay{
				Kind: readiness.Attested, By: "Operations", On: "2026-11-20", Expires: "2026-12-01", Link: "GH-77",
				Reason: "Announced in the channel and by mail",
			},
			Expected: "A person states that the window was announced", Found: "Operations stated on 2026-11-20: announced",
			Evidence: []string{}, Remediation: "gatehouse attest MNT-1",
		}, readiness.Judgement{Checker: "attestation", Subjects: 1}),
	}
}

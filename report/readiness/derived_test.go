package readiness_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

func TestCoverageCountsWhatWasRead(t *testing.T) {
	denied := readiness.Problem{Kind: "denied", Message: "no right", Remedy: "grant it"}
	slow := readiness.Problem{Kind: "timed out", Message: "within 10s"}
	run := readiness.Run{
		Evidence: []readiness.Evidence{
			{ID: "redis.info", Source: "redis", SHA256: "aa", Complete: true, Identity: "monitor"},
			{ID: "aws.a", Source: "aws", SHA256: "bb", Problems: []readiness.Problem{slow}, Identity: "arn:aws:sts::1:x"},
			{ID: "aws.b", Source: "aws", Problems: []readiness.Problem{denied}, Identity: "arn:aws:sts::1:x"},
			{ID: "aws.c", Source: "aws", Problems: []readiness.Problem{denied}, SHA256: "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}, // of []
		},
		Policies: &readiness.Policies{Rules: []readiness.PolicyRule{{ID: "seen", Matched: true}, {ID: "unseen"}}},
	}
	run.Finish(report.High)
	require.Equal(t, readiness.Coverage{
		Read: 1, Partly: 1, NotRead: 2, Vacuous: []string{}, Unmatched: []string{"unseen"},
		Sources: []readiness.SourceCoverage{
			{Source: "aws", Partly: 1, NotRead: 2, Problems: []string{"denied: no right; grant it", "timed out: within 10s"}},
			{Source: "redis", Read: 1, Problems: []string{}},
		},
	}, run.Coverage)
	require.Equal(t, []readiness.Identity{{Source: "redis", Name: "monitor"}, {Source: "aws", Name: "arn:aws:sts::1:x"}}, run.Identities)
}

func TestLayersShowTheWorstThatIsOpen(t *testing.T) {
	waived := &readiness.Overlay{Kind: readiness.Waived}
	run := readiness.Run{
		Items: []readiness.Item{
			{ID: "DB-1", Layer: "data", Verdict: readiness.Pass},
			{ID: "DB-2", Layer: "data", Verdict: readiness.Unknown},
			{ID: "DB-3", Layer: "data", Verdict: readiness.Fail, Overlay: waived},
			{ID: "NET-1", Layer: "network", Verdict: readiness.Fail, Overlay: waived},
			{ID: "NET-2", Layer: "edge", Verdict: readiness.NotApplicable},
			{ID: "CODE-1", Verdict: readiness.Fail},
		},
		Deployed: &readiness.Deployed{Resources: []readiness.Resource{
			{URN: "a", Layer: "data"}, {URN: "b", Layer: "data"}, {URN: "stack"},
		}},
		Policies: &readiness.Policies{Findings: []report.Finding{
			{Resource: "a", Verdict: report.Deny, Level: report.Mandatory},
			{Resource: "b", Verdict: report.Deny, Level: report.Mandatory, Waived: true},
			{Resource: "stack", Verdict: report.Deny, Level: report.Mandatory},
		}},
	}
	run.Finish(report.High)
	by := map[string]readiness.Layer{}
	for i, layer := range run.Layers {
		require.Equal(t, readiness.LayerNames[i], layer.Name)
		by[layer.Name] = layer
	}
	require.Equal(t, readiness.Unknown, by["data"].Verdict)
	require.Equal(t, []string{"DB-1", "DB-2", "DB-3"}, by["data"].Items)
	require.Equal(t, 2, by["data"].Resources)
	require.Equal(t, 1, by["data"].Denied)
	require.Equal(t, readiness.Pass, by["network"].Verdict, "an approved exception is not open")
	require.Equal(t, 1, by["network"].Waived)
	require.Equal(t, readiness.NotApplicable, by["edge"].Verdict)
	require.Equal(t, readiness.NotApplicable, by["portal"].Verdict)
}

func TestNextTellsWhatToDoFirst(t *testing.T) {
	unknown := func(found, evidence string) []readiness.Judgement {
		return []readiness.Judgement{{Verdict: readiness.Pass}, {Verdict: readiness.Unknown, Found: found, Evidence: []string{evidence}}}
	}
	run := readiness.Run{
		Environment: "staging",
		Items: []readiness.Item{
			{ID: "A-1", Title: "A", Verdict: readiness.Unknown, Severity: report.Low, Judgements: unknown("denied", "aws.a")},
			{ID: "A-2", Title: "A", Verdict: readiness.Unknown, Severity: report.High, Judgements: unknown("denied", "aws.a")},
			{ID: "A-3", Title: "A", Verdict: readiness.Unknown, Severity: report.Critical, Judgements: unknown("no file; run it", "artefact.x")},
			{ID: "B-1", Title: "B", Found: "off", Verdict: readiness.Fail, Severity: report.Low, Remediation: "switch it on"},
			{ID: "B-2", Title: "C", Found: "open", Verdict: readiness.Fail, Severity: report.Critical, Remediation: "close it"},
			{ID: "B-3", Title: "D", Verdict: readiness.Fail, Severity: report.Critical, Overlay: &readiness.Overlay{Kind: readiness.Waived}},
			{ID: "C-1", Verdict: readiness.Manual, Severity: report.Medium},
			{ID: "C-2", Verdict: readiness.Manual, Severity: report.High},
			{ID: "C-3", Verdict: readiness.Manual, Severity: report.High, Overlay: &readiness.Overlay{Kind: readiness.Attested}},
		},
		Evidence: []readiness.Evidence{
			{ID: "aws.a", Problems: []readiness.Problem{{Remedy: "grant rds:Describe"}}},
			{ID: "artefact.x", Problems: []readiness.Problem{{Remedy: "run it"}}},
		},
		Expiring: []readiness.Expiring{
			{Kind: readiness.Waived, Of: "B-3", By: "Ada", Expires: "2027-01-05", Days: 3, Remedy: "gatehouse waive B-3"},
			{Kind: readiness.Attested, Of: "C-3", By: "Ben", Expires: "2026-12-31", Days: -2, Remedy: "gatehouse attest C-3"},
		},
	}
	run.Finish(report.High)
	require.Equal(t, []readiness.Step{
		{Kind: readiness.Fix, Items: []string{"B-2"}, Severity: report.Critical, What: "C: open", Do: "close it"},
		{Kind: readiness.Fix, Items: []string{"B-1"}, Severity: report.Low, What: "B: off", Do: "switch it on"},
		{Kind: readiness.Read, Items: []string{"A-3"}, Severity: report.Critical, What: "no file; run it"},
		{Kind: readiness.Read, Items: []string{"A-1", "A-2"}, Severity: report.High, What: "denied", Do: "grant rds:Describe"},
		{Kind: readiness.State, Items: []string{"C-1", "C-2"}, Severity: report.High, What: "2 items wait for a person's statement", Do: "gatehouse attest ITEM, with an owner, a statement, a link and an expiry"},
		{Kind: readiness.Renew, Items: []string{"B-3"}, Severity: report.Medium, What: "the waiver of B-3 by Ada ends in 3 days, on 2027-01-05", Do: "gatehouse waive B-3"},
		{Kind: readiness.Renew, Items: []string{"C-3"}, Severity: report.Medium, What: "the attestation of C-3 by Ben ended on 2026-12-31", Do: "gatehouse attest C-3"},
	}, run.Next)
	require.Equal(t, "staging is not ready: 2 items fail, 3 items could not be decided, 2 items wait for a person", run.Summary.Headline)
}

// What a sandbox cannot tell is no errand: it is one step, after what can be done
// here.
func TestNextTellsWhatASandboxCannot(t *testing.T) {
	part := func(found, evidence string, pretended bool) readiness.Judgement {
		return readiness.Judgement{Verdict: readiness.Unknown, Found: found, Pretended: pretended, Evidence: []string{evidence}}
	}
	run := readiness.Run{
		Environment: "staging", Sandbox: true,
		Items: []readiness.Item{
			{ID: "A-1", Verdict: readiness.Unknown, Severity: report.Critical, Judgements: []readiness.Judgement{part("it keeps no zones", "aws.a", true), part("no file", "artefact.x", false)}},
			{ID: "A-2", Verdict: readiness.Unknown, Severity: report.High, Judgements: []readiness.Judgement{part("aws.b: not supported: DescribeB", "aws.b", false)}},
			{ID: "A-3", Verdict: readiness.Pass, Severity: report.High},
			{ID: "A-4", Verdict: readiness.Unknown, Severity: report.Critical, Overlay: &readiness.Overlay{Kind: readiness.Waived}, Judgements: []readiness.Judgement{part("it keeps no zones", "aws.a", true)}},
		},
		Evidence: []readiness.Evidence{{ID: "aws.b", Problems: []readiness.Problem{{Kind: "not supported", Message: "DescribeB"}}}},
	}
	run.Finish(report.High)
	require.Equal(t, []readiness.Step{
		{Kind: readiness.Read, Items: []string{"A-1"}, Severity: report.Critical, What: "no file"},
		{Kind: readiness.Read, Items: []string{"A-1", "A-2"}, Severity: report.Critical, What: "2 items need what the sandbox only emulates; an account can tell", Do: "gatehouse check -s staging, without --sandbox, once staging is up in an account"},
	}, run.Next)
	run.Sandbox = false
	run.Finish(report.High)
	require.Equal(t, "aws.b: not supported: DescribeB", run.Next[1].What, "an account that does not know the question is to be looked into")
}

func TestHeadline(t *testing.T) {
	say := func(run readiness.Run) string {
		run.Environment = "staging"
		run.Finish(report.High)
		return run.Summary.Headline
	}
	pass := []readiness.Item{{Verdict: readiness.Pass}}
	require.Equal(t, "staging is ready: nothing is open", say(readiness.Run{Items: pass}))
	require.Equal(t, "staging is not ready: the run was cut off", say(readiness.Run{Items: pass, Interrupted: true}))
	require.Equal(t, "staging is not ready: no item was judged", say(readiness.Run{}))
	require.Equal(t, "staging is not ready: 1 item fails", say(readiness.Run{Items: []readiness.Item{{Verdict: readiness.Error}}}))
}

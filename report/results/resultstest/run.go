// Package resultstest makes runs for the tests of what reads, keeps and compares
// them.
package resultstest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Start is when the runs begin, unless a test says otherwise.
var Start = time.Date(2026, 11, 22, 10, 15, 0, 123456789, time.UTC)

// Digest is the SHA-256 of some content, as evidence has it.
func Digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// Run is a finished run with one item of every kind: held, failing, waived,
// attested, unknown, and findings of policies.
func Run(environment string, started time.Time) readiness.Run {
	read := func(id, content string) readiness.Evidence {
		e := readiness.Evidence{ID: id, Source: "aws", Query: "Describe", At: started.Add(time.Second), Seconds: 0.1}
		if content != "" {
			e.SHA256, e.Complete = Digest(content), true
		}
		return e
	}
	item := func(id string, verdict readiness.Verdict, overlay *readiness.Overlay, evidence ...string) readiness.Item {
		found := "found " + string(verdict)
		judgement := readiness.Judgement{Checker: "checker", Verdict: verdict, Found: found, Subjects: 1, Evidence: evidence}
		if verdict == readiness.Fail {
			judgement.Failures = []readiness.Failure{{Where: "pod a/b", Found: "no limit"}}
		}
		return readiness.Item{
			ID: id, Guide: "readiness", Section: "Data", Title: "Title of " + id, Severity: report.High, Phase: readiness.Periodic,
			Verdict: verdict, Overlay: overlay, Expected: "expected", Found: found, Evidence: evidence,
			Judgements: []readiness.Judgement{judgement},
		}
	}
	run := readiness.Run{
		Format: readiness.Format, ID: environment + "-" + started.UTC().Format(readiness.IDTime), Environment: environment,
		Started: started, Seconds: 3.5, Versions: []readiness.Version{{Name: "checklist", Version: "sha256:1"}},
		Identities: []readiness.Identity{}, Expiring: []readiness.Expiring{}, Sections: []readiness.Score{}, Layers: []readiness.Layer{},
		Frameworks: []readiness.Framework{}, Trend: []readiness.Point{}, Next: []readiness.Step{},
		Evidence: []readiness.Evidence{read("aws.rds", "databases"), read("aws.eks", "clusters"), read("redis.info", "")},
		Items: []readiness.Item{
			item("DB-1", readiness.Pass, nil, "aws.rds"),
			item("DB-2", readiness.Fail, nil, "aws.rds"),
			item("K8S-1", readiness.Fail, &readiness.Overlay{Kind: readiness.Waived, By: "Ada", Link: "GH-1", Expires: "2027-02-01"}, "aws.eks"),
			item("CACHE-1", readiness.Unknown, nil, "redis.info"),
			item("COMP-1", readiness.Manual, &readiness.Overlay{Kind: readiness.Attested, By: "Bo", On: "2026-11-01", Link: "https://example.com", Expires: "2027-06-30"}),
			item("COMP-2", readiness.Manual, nil),
			item("NET-1", readiness.NotApplicable, nil),
		},
	}
	policies := report.Result{Source: "state of " + environment, Summary: report.Summary{Rules: 2, Resources: 9}, Findings: []report.Finding{{
		Rule: "aws-rds-encrypted", Title: "RDS is encrypted", Severity: report.Critical, Level: report.Mandatory, Verdict: report.Deny,
		Resource: "urn:pulumi:" + environment + "::gatehouse::aws:rds/instance:Instance::db", Path: "storageEncrypted", Message: "it is off",
	}}}
	policies.Finish("")
	run.Policies = &readiness.Policies{
		Source: policies.Source, Findings: policies.Findings, Summary: policies.Summary,
		Rules: []readiness.PolicyRule{{ID: "aws-rds-encrypted", Title: "RDS is encrypted", Severity: report.Critical, Level: report.Mandatory, Frameworks: []report.Framework{}, Matched: true}},
	}
	run.Finish(report.High)
	return run
}

// JSON is a run as a results file holds it.
func JSON(t testing.TB, run readiness.Run) []byte {
	t.Helper()
	text, err := json.MarshalIndent(run, "", "  ")
	require.NoError(t, err)
	return append(text, '\n')
}

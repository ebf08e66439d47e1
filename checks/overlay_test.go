package checks

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checklist"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/target"
	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
)

var (
	now   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	seen  = evidence.Define[bool](evidence.Web, "seen")
	check = judge.Checker{
		ID: "seen", Expected: "it is seen", Needs: []evidence.Name{seen.Name()},
		Judge: func(c *judge.Case) { c.Require(judge.Read(c, seen), "the thing", "it is not there") },
	}
)

// judged judges one item whose live part sees something, or nothing, or cannot
// look.
func judged(o Options, item checklist.Item, fact *bool) readiness.Item {
	facts := evidence.Facts{}
	if fact != nil {
		evidence.Fix(facts, seen, *fact)
	}
	env := judge.Environment{Name: "staging", Now: now}
	return judging{Options: o, env: env, checkers: map[string]judge.Checker{"seen": check}, facts: facts}.judge(item)
}

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

func TestALiveFailureIsNeverAttestedAway(t *testing.T) {
	o := Options{Attestations: []attestations.Attestation{{
		Item: "A-1", Owner: "Ada", Statement: "it is there", Link: "https://x", On: "2026-11-01", Expires: "2026-12-01",
	}}}
	both := checklist.Item{ID: "A-1", Checkers: []string{"seen"}, Attestation: "it is there"}
	for name, c := range map[string]struct {
		item    checklist.Item
		fact    *bool
		verdict readiness.Verdict
		overlay bool
		open    bool
	}{
		"fails live":             {both, no(), readiness.Fail, false, true},
		"cannot be told live":    {both, nil, readiness.Unknown, false, true},
		"passes live, attested":  {both, yes(), readiness.Manual, true, false},
		"attested alone":         {checklist.Item{ID: "A-1", Attestation: "x"}, nil, readiness.Manual, true, false},
		"another item, no word":  {checklist.Item{ID: "A-2", Attestation: "x"}, nil, readiness.Manual, false, true},
		"nobody has to say more": {checklist.Item{ID: "A-1", Checkers: []string{"seen"}}, yes(), readiness.Pass, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			item := judged(o, c.item, c.fact)
			require.Equal(t, c.verdict, item.Verdict)
			require.Equal(t, c.overlay, item.Overlay != nil)
			require.Equal(t, c.open, item.Open())
		})
	}
}

func TestAttestationsEndAndBegin(t *testing.T) {
	said := func(environment, on, expires string) attestations.Attestation {
		a := attestations.Attestation{Item: "A-1", Owner: "Ada", Statement: "yes", Link: "l", On: on, Expires: expires}
		if environment != "" {
			a.Environments = []string{environment}
		}
		return a
	}
	for name, c := range map[string]struct {
		all   []attestations.Attestation
		found string
		holds bool
	}{
		"nobody":              {nil, "nobody has stated it: gatehouse attest A-1", false},
		"expired":             {[]attestations.Attestation{said("", "2026-01-01", "2026-11-21")}, "expired on 2026-11-21", false},
		"on its last day":     {[]attestations.Attestation{said("", "2026-01-01", "2026-11-22")}, "Ada stated on 2026-01-01: yes (l)", true},
		"not yet":             {[]attestations.Attestation{said("", "2026-11-23", "2027-01-01")}, "begins on 2026-11-23", false},
		"another environment": {[]attestations.Attestation{said("production", "2026-01-01", "2027-01-01")}, "nobody has stated it", false},
		"expired and renewed": {[]attestations.Attestation{said("", "2026-01-01", "2026-02-01"), said("staging", "2026-11-01", "2027-01-01")}, "stated on 2026-11-01", true},
	} {
		t.Run(name, func(t *testing.T) {
			item := judged(Options{Attestations: c.all}, checklist.Item{ID: "A-1", Attestation: "x"}, nil)
			require.Equal(t, readiness.Manual, item.Verdict)
			require.Contains(t, item.Found, c.found)
			require.Equal(t, c.holds, item.Overlay != nil)
		})
	}
}

func TestAReviewIsOfOneList(t *testing.T) {
	const today, before = "sha256:1111", "sha256:2222"
	review := checklist.Item{ID: accessReview, Attestation: "the list was reviewed"}
	stated := attestations.Attestation{
		Item: accessReview, Owner: "Ada", Statement: "yes", Link: "l", On: "2026-01-01", Expires: "2027-01-01", Line: 3, EndLine: 9,
	}
	ask := func(digest string, list *readiness.Access) readiness.Item {
		stated.Digest = digest
		o := Options{
			Attestations: []attestations.Attestation{stated},
			Committed: func(file string, line, endLine int) *readiness.Commit {
				return &readiness.Commit{Hash: fmt.Sprint(file, line, endLine)}
			},
		}
		return judging{Options: o, env: judge.Environment{Name: "staging", Now: now}, access: list}.judge(review)
	}
	list := &readiness.Access{Digest: today}
	require.Equal(t, "attestations.yaml3 9", ask(today, list).Overlay.Commit.Hash)
	require.NotNil(t, ask("", list).Overlay, "about no list in particular")
	old := ask(before, list)
	require.Nil(t, old.Overlay)
	require.Contains(t, old.Found, "has changed since Ada reviewed")
	unread := ask(today, nil)
	require.Nil(t, unread.Overlay, "there is nothing to compare it with")
	require.Contains(t, unread.Found, "could not be read")
	nobody := judging{Options: Options{}, env: judge.Environment{Name: "staging", Now: now}, access: list}.judge(review)
	require.Contains(t, nobody.Found, "gatehouse attest COMP-5 --digest "+today)
}

func TestAWaiverKeepsTheVerdict(t *testing.T) {
	waiver := report.Waiver{Rule: "A-1", Resource: "*", Reason: "r", Approver: "Bo", Ticket: "T-1", Expires: "2026-11-22"}
	item := checklist.Item{ID: "A-1", Checkers: []string{"seen"}, Severity: report.Critical}
	got := judged(Options{Waivers: []report.Waiver{waiver}}, item, no())
	require.Equal(t, readiness.Fail, got.Verdict)
	require.Equal(t, &readiness.Overlay{Kind: readiness.Waived, By: "Bo", Reason: "r", Link: "T-1", Expires: "2026-11-22"}, got.Overlay)
	require.False(t, got.Fails(report.High))

	require.Nil(t, judged(Options{Waivers: []report.Waiver{waiver}}, item, yes()).Overlay, "what passes needs none")
	for _, other := range []func(w *report.Waiver){
		func(w *report.Waiver) { w.Expires = "2026-11-21" },
		func(w *report.Waiver) { w.Environments = []string{"production"} },
		func(w *report.Waiver) { w.Rule = "A-2" },
		func(w *report.Waiver) { w.Resource = "B-*" },
	} {
		changed := waiver
		other(&changed)
		got := judged(Options{Waivers: []report.Waiver{changed}}, item, no())
		require.Nil(t, got.Overlay)
		require.True(t, got.Fails(report.High))
	}
}

func TestPoliciesDecideTheirItems(t *testing.T) {
	item := checklist.Item{ID: "DB-4", Policies: []string{"readiness: Monitoring"}, Rules: "aws-rds-*"}
	guide := []report.Framework{{Name: "Guide", Requirement: "readiness: Monitoring"}}
	result := report.Result{Rules: []report.Rule{
		{ID: "aws-rds-insights", Frameworks: guide}, {ID: "aws-elasticache-logs", Frameworks: guide}, {ID: "aws-rds-other"},
	}}
	finding := func(rule string, verdict report.Verdict, waived bool) report.Finding {
		return report.Finding{Rule: rule, Verdict: verdict, Resource: "t::db", Message: "m", Waived: waived}
	}
	for name, c := range map[string]struct {
		findings  []report.Finding
		unmatched []string
		verdict   readiness.Verdict
		found     string
	}{
		"nothing denied":              {nil, nil, readiness.Pass, "1 rules, none denies"},
		"denied":                      {[]report.Finding{finding("aws-rds-insights", report.Deny, false)}, nil, readiness.Fail, "t::db: m (aws-rds-insights)"},
		"the rule failed":             {[]report.Finding{finding("aws-rds-insights", report.Error, false)}, nil, readiness.Fail, "1 denied"},
		"waived":                      {[]report.Finding{finding("aws-rds-insights", report.Deny, true)}, nil, readiness.Pass, "(1 waived)"},
		"undecided":                   {[]report.Finding{finding("aws-rds-insights", report.Undecided, false)}, nil, readiness.Unknown, "undecided on t::db"},
		"another item's":              {[]report.Finding{finding("aws-elasticache-logs", report.Deny, false), finding("aws-rds-other", report.Deny, false)}, nil, readiness.Pass, "none denies"},
		"there is no such a resource": {nil, []string{"aws-rds-insights"}, readiness.NotApplicable, "no resource"},
	} {
		t.Run(name, func(t *testing.T) {
			result.Findings, result.Summary.Unmatched = c.findings, c.unmatched
			got := judged(Options{Policies: &result}, item, nil)
			require.Equal(t, c.verdict, got.Verdict)
			require.Contains(t, got.Found, c.found)
		})
	}
	got := judged(Options{NoPolicies: "there is no state"}, item, nil)
	require.Equal(t, readiness.Unknown, got.Verdict)
	require.Contains(t, got.Found, "there is no state")
	item.Checkers = []string{"seen"}
	require.Equal(t, readiness.Pass, judged(Options{NoPolicies: "there is no state"}, item, yes()).Verdict, "the live system decides")
	require.Equal(t, readiness.Unknown, judged(Options{NoPolicies: "there is no state"}, item, nil).Verdict)
}

func TestARunWithoutAnySystemSaysSo(t *testing.T) {
	items, err := Checklist()
	require.NoError(t, err)
	targets, err := target.Parse("targets.yaml", nil)
	require.NoError(t, err)
	run := Run(t.Context(), Options{Items: items, Targets: targets, NoPolicies: "no state", FailOn: report.Low, Now: time.Now})
	require.Len(t, run.Items, len(items))
	require.Zero(t, run.Summary.Pass)
	require.Zero(t, run.Summary.Fail)
	require.Zero(t, run.Summary.Error)
	require.False(t, run.Summary.Ready)
	for _, record := range run.Evidence {
		require.False(t, record.Complete)
		require.Equal(t, string(evidence.NotConfigured), record.Problems[0].Kind, record.ID)
	}
	for _, item := range run.Items {
		require.NotEmpty(t, item.Found, item.ID)
		require.NotEmpty(t, item.Expected, item.ID)
	}
}

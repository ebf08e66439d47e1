package waivers_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/waivers"
)

const database = "urn:pulumi:staging::gatehouse::gatehouse:postgres:Postgres$aws:rds/instance:Instance::portal-db"

func denied(rule string) report.Finding {
	return report.Finding{Rule: rule, Verdict: report.Deny, Resource: database}
}

func waiver(expires string) report.Waiver {
	return report.Waiver{Rule: "multi-az", Resource: "aws:rds/*::portal-db", Reason: "small", Expires: expires, Line: 7}
}

func options() waivers.Options {
	return waivers.Options{
		// An evening in New York is the next day in UTC.
		Now:         time.Date(2026, 11, 21, 20, 0, 0, 0, time.FixedZone("EST", -5*3600)),
		Environment: "staging", Rules: []string{"multi-az", "encrypted"}, File: "waivers.yaml", Complete: true,
	}
}

// rulesOf lists the rules of what Apply added.
func added(found []report.Finding, given int) []string {
	names := []string{}
	for _, f := range found[given:] {
		names = append(names, f.Rule)
	}
	return names
}

func TestApplyWaives(t *testing.T) {
	for _, verdict := range []report.Verdict{report.Deny, report.Undecided, report.Error} {
		finding := denied("multi-az")
		finding.Verdict = verdict
		given := []report.Finding{finding, denied("encrypted")}
		w := waiver("2027-11-22")
		found := waivers.Apply(given, []report.Waiver{w}, options())
		require.Len(t, found, 2)
		require.True(t, found[0].Waived)
		require.Equal(t, &w, found[0].Waiver)
		require.Equal(t, verdict, found[0].Verdict, "the verdict stays")
		require.False(t, found[1].Waived, "another rule")
		require.False(t, given[0].Waived, "the list that was given is changed")
	}
}

func TestApplyPatterns(t *testing.T) {
	for pattern, want := range map[string]bool{
		"aws:rds/instance:Instance::portal-db": true,
		"*":                                    true,
		"urn:pulumi:staging::*$aws:rds/instance:Instance::portal-db": true,
		database:                                 true,
		"portal-db":                              false,
		"gatehouse:postgres:Postgres::portal-db": false,
		"aws:rds/instance:Instance::portal":      false,
	} {
		w := waiver("2027-11-22")
		w.Resource = pattern
		found := waivers.Apply([]report.Finding{denied("multi-az")}, []report.Waiver{w}, options())
		require.Equal(t, want, found[0].Waived, pattern)
		if !want {
			require.Equal(t, []string{waivers.Unused}, added(found, 1), pattern)
		}
	}
}

func TestApplyExpiry(t *testing.T) {
	for _, c := range []struct {
		expires string
		waived  bool
		added   []string
	}{
		{"2026-11-21", false, []string{waivers.Expired}},
		{"2026-11-22", true, []string{waivers.ExpiresSoon}}, // its last day, and today
		{"2026-12-22", true, []string{waivers.ExpiresSoon}},
		{"2026-12-23", true, []string{}},
		{"nonsense", false, []string{waivers.Expired}},
	} {
		found := waivers.Apply([]report.Finding{denied("multi-az")}, []report.Waiver{waiver(c.expires)}, options())
		require.Equal(t, c.waived, found[0].Waived, c.expires)
		require.Equal(t, c.added, added(found, 1), c.expires)
	}
}

func TestApplyEnvironments(t *testing.T) {
	for _, c := range []struct {
		environments []string
		here         string
		waived       bool
	}{
		{nil, "staging", true},
		{nil, "", true},
		{[]string{"production", "staging"}, "staging", true},
		{[]string{"production"}, "staging", false},
		{[]string{"production"}, "", false},
	} {
		w, o := waiver("2026-11-30"), options()
		w.Environments, o.Environment = c.environments, c.here
		found := waivers.Apply([]report.Finding{denied("multi-az")}, []report.Waiver{w}, o)
		require.Equal(t, c.waived, found[0].Waived)
		if !c.waived {
			require.Len(t, found, 1, "nothing is said of a waiver for elsewhere")
		}
	}
}

func TestApplySpeaksOfWaivers(t *testing.T) {
	o := options()
	unused := waivers.Apply(nil, []report.Waiver{waiver("2026-11-30")}, o)
	require.Equal(t, []string{waivers.Unused}, added(unused, 0))
	stale := waivers.Apply(nil, []report.Waiver{waiver("2020-01-01")}, o)
	require.Equal(t, []string{waivers.Unused}, added(stale, 0), "an expired waiver that nothing needs stops nobody")
	o.Complete = false
	require.Equal(t, []string{waivers.ExpiresSoon}, added(waivers.Apply(nil, []report.Waiver{waiver("2026-11-30")}, o), 0))
	require.Equal(t, []string{waivers.Expired}, added(waivers.Apply(nil, []report.Waiver{waiver("2020-01-01")}, o), 0))

	w := waiver("2027-11-30")
	w.Rule, w.Environments = "multi-zone", []string{"elsewhere"}
	unknown := waivers.Apply(nil, []report.Waiver{w}, o)
	require.Equal(t, []report.Finding{{
		Rule: waivers.UnknownRule, Title: "Waivers name a rule that exists", Severity: report.Medium, Level: report.Mandatory,
		Verdict: report.Deny, Resource: "aws:rds/*::portal-db", Message: `there is no rule multi-zone; did you mean "multi-az"?`,
		Remediation: "Correct the rule's ID (`gatehouse policy list` shows all), or remove the waiver.",
		Location:    &report.Location{File: "waivers.yaml", Line: 7},
	}}, unknown)
}

func TestWaiverFindingsAreNotWaived(t *testing.T) {
	w := waiver("2027-11-30")
	w.Rule, w.Resource = waivers.Expired, "*"
	o := options()
	o.Rules = append(o.Rules, waivers.Expired)
	found := waivers.Apply([]report.Finding{denied(waivers.Expired)}, []report.Waiver{w}, o)
	require.False(t, found[0].Waived)
}

func TestFirstWaiverThatHoldsWins(t *testing.T) {
	expired, first, second := waiver("2020-01-01"), waiver("2027-11-30"), waiver("2028-11-30")
	exact := second
	exact.Resource = "aws:rds/instance:Instance::portal-db"
	for _, list := range [][]report.Waiver{{expired, first, second}, {expired, first, exact}, {exact, first, expired}} {
		found := waivers.Apply([]report.Finding{denied("multi-az")}, list, options())
		want := list[0].Expires
		if list[0].Expires == expired.Expires {
			want = list[1].Expires
		}
		require.Equal(t, want, found[0].Waiver.Expires)
		require.Equal(t, []string{waivers.Expired}, added(found, 1), "the second is needed when the first goes")
	}
}

// TestBaseline: as many waivers as findings must not cost the product of both.
func TestBaseline(t *testing.T) {
	const many = 20000
	findings, list := make([]report.Finding, many), make([]report.Waiver, many)
	for i := range many {
		findings[i] = denied("multi-az")
		findings[i].Resource = fmt.Sprintf("%s-%d", database, i)
		list[i] = waiver("2027-11-30")
		list[i].Resource = findings[i].Subject()
	}
	began := time.Now()
	found := waivers.Apply(findings, list, options())
	require.Less(t, time.Since(began), 3*time.Second)
	require.Len(t, found, many, "nothing is unused")
	for i, f := range found {
		require.Equal(t, list[i].Resource, f.Waiver.Resource)
	}
}

func TestRulesAreSorted(t *testing.T) {
	rules := waivers.Rules()
	require.Len(t, rules, 4)
	for i := range rules[1:] {
		require.Less(t, rules[i].ID, rules[i+1].ID)
	}
}

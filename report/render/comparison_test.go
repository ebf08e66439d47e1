package render_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/render"
)

func comparison() readiness.Comparison {
	ref := func(h int) readiness.Ref {
		at := time.Date(2026, 11, 22, h, 15, 0, 0, time.UTC)
		return readiness.Ref{ID: "staging-" + at.Format("20060102T150405Z"), Environment: "staging", Started: at}
	}
	return readiness.Comparison{
		Before: ref(10), After: ref(11), Worse: 2, Better: 1, Same: 90, Worsened: true,
		Changes: []readiness.Change{
			{
				ID: "DB-1", Title: "Replication", Severity: report.High, Direction: readiness.Worse, Before: "PASS", After: "FAIL",
				Evidence: []string{"aws.rds", "postgres.replication"}, Why: "it was PASS and is FAIL: no replica streams from the primary, which has been so since the last failover of the instance",
			},
			{ID: "DB-2", Title: "Backups", Severity: report.Low, Direction: readiness.Better, Before: "FAIL", After: "PASS", Evidence: []string{}, Why: "it was FAIL and is PASS"},
		},
		Findings: []readiness.Change{{
			ID: "aws-rds-encrypted", Resource: "urn:pulumi:staging::gatehouse::aws:rds/instance:Instance::db", Title: "RDS is encrypted", Severity: report.Critical,
			Direction: readiness.Worse, After: "deny", Evidence: []string{}, Why: "it came: storageEncrypted: it is off",
		}},
	}
}

func compared(t *testing.T, format string, c readiness.Comparison, o render.Options) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, render.ComparisonFormats[format](&b, c, o))
	return b.String()
}

func TestComparisonTextShowsTheWorstFirst(t *testing.T) {
	text := compared(t, "text", comparison(), render.Options{})
	at := -1
	for _, want := range []string{
		"before      staging-20261122T101500Z, 2026-11-22 10:15 UTC\n", "\nworse\n", "✗ DB-1 Replication: PASS → FAIL · high\n",
		"    read differently: aws.rds, postgres.replication\n", "✗ aws-rds-encrypted RDS is encrypted: nothing → deny · critical\n",
		"\nbetter\n", "✓ DB-2 Backups: FAIL → PASS · low\n", "changes     2 worse · 0 incomparable",
	} {
		next := strings.Index(text, want)
		require.Greater(t, next, at, "%q in\n%s", want, text)
		at = next
	}
	for _, l := range strings.Split(text, "\n") {
		require.LessOrEqual(t, utf8.RuneCountInString(l), 80, l)
	}
	require.NotContains(t, text, "\x1b")
	require.Contains(t, compared(t, "text", comparison(), render.Options{Color: true}), "\x1b[31m")
}

func TestComparisonWithoutChanges(t *testing.T) {
	c := comparison()
	c.Changes, c.Findings, c.Worse, c.Better, c.Worsened = nil, nil, 0, 0, false
	require.Contains(t, strings.Join(strings.Fields(compared(t, "text", c, render.Options{})), " "), "90 the same: nothing is worse")
	require.Contains(t, compared(t, "markdown", c, render.Options{}), "### ✅ Readiness")
	require.NotContains(t, compared(t, "markdown", c, render.Options{}), "| --- |")
}

func TestComparisonOfManyIsShortUnlessVerbose(t *testing.T) {
	c := comparison()
	for i := range 2000 {
		f := c.Findings[0]
		f.ID = fmt.Sprintf("rule-%d", i)
		c.Findings = append(c.Findings, f)
	}
	text := compared(t, "text", c, render.Options{})
	require.Contains(t, text, "and 1982 more (--verbose)")
	require.NotContains(t, text, "rule-30 ")
	require.Contains(t, compared(t, "text", c, render.Options{Verbose: true}), "rule-1999 ")
	markdown := compared(t, "markdown", c, render.Options{})
	require.Less(t, len(markdown), 65536)
	require.Contains(t, markdown, "Left out for want of room")
}

func TestComparisonMarkdownIsATable(t *testing.T) {
	text := compared(t, "markdown", comparison(), render.Options{})
	require.Contains(t, text, "### ❌ Readiness: what has changed")
	require.Contains(t, text, "| ✗ worse | <code>DB-1</code> Replication | PASS → FAIL | high |")
	require.Contains(t, text, "**Findings of the policies**")
}

func TestComparisonOfHostileTextStaysText(t *testing.T) {
	c := comparison()
	hostile := "\x1b[2J<script>|`\u202e\n# "
	change := &c.Changes[0]
	change.ID, change.Title, change.Resource, change.Before, change.After, change.Why = hostile, hostile, hostile, hostile, hostile, hostile
	change.Evidence = []string{hostile}
	c.Before.ID = hostile
	for _, format := range []string{"text", "markdown"} {
		text := compared(t, format, c, render.Options{})
		require.NotContains(t, text, "\x1b")
		require.NotContains(t, text, "\u202e")
		if format == "markdown" {
			require.NotContains(t, text, "<script>")
			for _, l := range strings.Split(text, "\n") {
				if strings.HasPrefix(l, "| ") {
					require.Equal(t, 6, strings.Count(l, "|"), l)
				}
			}
		}
	}
}

func TestComparisonJSONIsTheComparison(t *testing.T) {
	var back readiness.Comparison
	require.NoError(t, json.Unmarshal([]byte(compared(t, "json", comparison(), render.Options{})), &back))
	require.Equal(t, comparison(), back)
	require.Equal(t, []string{"json", "markdown", "text"}, render.ComparisonNames())
}

func TestRunsAreATable(t *testing.T) {
	share := 57
	points := []readiness.Point{
		{Ref: comparison().After, Counts: readiness.Counts{Pass: 49, Fail: 3, Unknown: 31, Manual: 10, Waived: 3}, Percent: &share},
		{Ref: comparison().Before, Ready: true},
	}
	var b bytes.Buffer
	require.NoError(t, render.RunsText(&b, points, render.Options{}))
	require.Equal(t, ""+
		"RUN                       PASS FAIL ERROR UNKNOWN MANUAL WAIVED HOLDS  READY\n"+
		"staging-20261122T111500Z    49    3     0      31     10      3   57%  no\n"+
		"staging-20261122T101500Z     0    0     0       0      0      0     –  yes\n", b.String())
	b.Reset()
	require.NoError(t, render.RunsText(&b, nil, render.Options{}))
	require.Equal(t, "no runs are kept\n", b.String())
	b.Reset()
	require.NoError(t, render.RunsJSON(&b, nil, render.Options{}))
	require.Equal(t, "[]\n", b.String())
	b.Reset()
	require.NoError(t, render.RunsJSON(&b, points, render.Options{}))
	var back []readiness.Point
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.Equal(t, points, back)
	require.Equal(t, []string{"json", "text"}, render.RunsNames())
}

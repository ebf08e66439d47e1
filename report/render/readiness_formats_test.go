package render_test

import (
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render"
)

func readinessMarkdown(t require.TestingT, r readiness.Run) string {
	return shown(t, "markdown", r, render.Options{})
}

func TestReadinessMarkdown(t *testing.T) {
	rich := readinesstest.Rich()
	rich.Summary.Headline = "staging is not ready: 2 items fail"
	rich.Next = []readiness.Step{{Kind: readiness.Fix, Items: []string{"DB-3"}, Severity: report.Critical, What: "It is 26 h old.", Do: "See docs/runbooks/pitr.md"}}
	text := readinessMarkdown(t, rich)
	checkMarkdown(t, text)
	for _, want := range []string{
		"<!-- gatehouse:readiness:staging -->\n### ❌ staging is not ready: 2 items fail\n",
		"\nThis is a sandbox: ",
		"\n1. **fix** <code>DB-3</code> (critical): It is 26 h old. → See docs/runbooks/pitr.md\n",
		"\n#### Since 2026-11-21 10:15 UTC\n\n2 worse · 1 incomparable · 1 gone · 1 new · 1 better · 11 the same\n",
		"\n| incomparable | <code>K8S-5</code> Network Policies | PASS | UNKNOWN | What decides could not be read this time |\n",
		"\n| **all** | 5 | 3 | 1 | 1 | 3 | 1 | 1 | 2 | 53 % |\n",
		"\n| <code>CACHE-1</code> | waived | Platform team | 2026-11-30 | 8 days left | ",
		"<summary>Database Systems · readiness · 50 %: 1 of 2 open</summary>",
		"\n| ✗ FAIL | <code>DB-3</code> Backups | critical | gatehouse-staging-postgres: the newest",
		"✗ <code>CACHE-1</code> Redis Cluster (FAIL, waived by Platform team until 2026-11-30), ✓ <code>CACHE-3</code> Eviction (vacuous)",
		"\n| kubernetes | 2 | 1 | 0 | ",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "Left out")
	require.Contains(t, readinessMarkdown(t, readinesstest.Ready()), "### ✅ ")
	bare := readinessMarkdown(t, readinesstest.Bare())
	checkMarkdown(t, bare)
	require.Contains(t, bare, "**the run was cut off")
	below := readinesstest.Rich()
	below.Summary.Failed = false
	require.Contains(t, readinessMarkdown(t, below), "### ⚠️ ")
}

func TestReadinessMarkdownStaysInShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkMarkdown(t, readinessMarkdown(t, anyRun(t))) })
}

// A run that is too large is cut at a row, and every item is shown or counted.
func TestReadinessMarkdownIsCutAtARow(t *testing.T) {
	r := readinesstest.Rich()
	item, change, step, framework := r.Items[3], r.Comparison.Changes[0], r.Next[0], r.Frameworks[0]
	r.Items, r.Comparison.Changes, r.Next = nil, nil, nil
	long := strings.Repeat("long | ", 200)
	for i := range 3000 {
		item.ID, item.Found, item.Section = fmt.Sprintf("DB-%d", i), long, fmt.Sprintf("Section %d", i/7)
		item.Verdict = readiness.Fail
		if i%3 == 0 {
			item.Verdict = readiness.Pass
		}
		change.ID, change.Why, step.What, framework.Name = item.ID, long, long, item.ID
		r.Items, r.Comparison.Changes, r.Next = append(r.Items, item), append(r.Comparison.Changes, change), append(r.Next, step)
		r.Frameworks = append(r.Frameworks, framework)
	}
	derived := readiness.Run{Items: r.Items}
	derived.Finish(report.High)
	r.Sections = derived.Sections
	text := readinessMarkdown(t, r)
	checkMarkdown(t, text)
	require.Less(t, len(text), 60000)
	require.Greater(t, len(text), 55000, "the room is used")
	left := regexp.MustCompile(`_Left out for want of room: (.*)\. The other formats`).FindStringSubmatch(text)
	require.NotNil(t, left)
	for _, noun := range []string{"steps", "changes", "sections", "standards", "items"} {
		require.Regexp(t, `\d+ `+noun, left[1])
	}
	said := 0
	_, err := fmt.Sscanf(regexp.MustCompile(`\d+ items`).FindString(left[1]), "%d items", &said)
	require.NoError(t, err)
	_, sections, _ := strings.Cut(text, ": 4 of 7 open")
	require.Equal(t, 3000, said+strings.Count(sections, "<code>DB-"))
}

func TestReadinessCSV(t *testing.T) {
	text := shown(t, "csv", readinesstest.Rich(), render.Options{})
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 15)
	require.Equal(t, []string{
		"id", "guide", "section", "title", "severity", "phase", "layer", "verdict", "overlay", "by", "expires",
		"expected", "found", "remediation", "evidence", "frameworks",
	}, rows[0])
	require.Equal(t, []string{
		"DB-3", "readiness", "Database Systems", "Backups", "critical", "post-deploy", "data", "FAIL", "", "", "",
		"the newest restorable time is at most 15 min old",
		"gatehouse-staging-postgres: the newest restorable time is 26 h old, 15 min are allowed; and 1 more",
		"See docs/runbooks/pitr.md, and look at the log of the archiver.", "aws.rds.instances",
		"NIST 800-53 CP-9; SOC 2 A1.2; ISO 27001 A.8.13",
	}, rows[4])
	require.Equal(t, []string{"FAIL", "waived", "Platform team", "2026-11-30"}, rows[5][7:11])
	require.Equal(t, strings.Count(text, "\n"), strings.Count(text, "\r\n"), "lines end as RFC 4180 says")
}

// No cell is a formula, in the languages of the spreadsheets that are common.
func TestReadinessCSVIsNoProgram(t *testing.T) {
	for _, harm := range []string{"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "\n-1", "＝1", "＋1", "－1", "＠A"} {
		r := readinesstest.Rich()
		r.Items[0].Title = harm
		rows, err := csv.NewReader(strings.NewReader(shown(t, "csv", r, render.Options{}))).ReadAll()
		require.NoError(t, err)
		require.Equal(t, "'"+strings.TrimSpace(harm), rows[1][3])
	}
	rapid.Check(t, func(t *rapid.T) {
		r := anyRun(t)
		rows, err := csv.NewReader(strings.NewReader(shown(t, "csv", r, render.Options{}))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, len(r.Items)+1)
		for _, row := range rows {
			for _, cell := range row {
				require.NotRegexp(t, `^[=+\-@\t\r]`, cell)
				require.Equal(t, -1, strings.IndexFunc(cell, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", cell)
			}
		}
	})
}

func TestReadinessJUnit(t *testing.T) {
	var s suites
	text := shown(t, "junit", readinesstest.Rich(), render.Options{})
	require.NoError(t, xml.Unmarshal([]byte(text), &s))
	require.Equal(t, counts{Tests: 14, Failures: 2, Errors: 1, Skipped: 6}, s.counts)
	told := map[string]string{}
	for _, suite := range s.Suites {
		for _, c := range suite.Cases {
			id, _, _ := strings.Cut(c.Name, ":")
			switch {
			case c.F != nil:
				told[id] = "failure " + c.F.Message
			case c.E != nil:
				told[id] = "error " + c.E.Message
			case c.S != nil:
				told[id] = "skipped " + c.S.Message
			default:
				told[id] = suite.Name
			}
		}
	}
	for id, want := range map[string]string{
		"K8S-1":   "Kubernetes Cluster · readiness",
		"DB-3":    "failure FAIL: gatehouse-staging-postgres: the newest restorable time is 26 h old, 15 min are allowed; and 1 more",
		"SEC-2":   "error ERROR: the checker failed: index out of range [3] with length 3",
		"K8S-5":   "skipped UNKNOWN: no network plugin that enforces was found: policies are only objects without one",
		"CACHE-1": "skipped waived by Platform team until 2026-11-30: A replica of a shard would double staging's cache, which holds sessions and copies only",
		"COMP-3":  "skipped MANUAL: nobody has stated it: gatehouse attest COMP-3",
		"COMP-1":  "skipped attested by Ada Lovelace until 2027-10-01: The classification was reviewed with the owners of all data",
		"INF-4":   "skipped NOT_APPLICABLE: staging has one region by its configuration",
	} {
		require.Equal(t, want, told[id], id)
	}
	require.Contains(t, text, `<property name="link" value="https://tickets.example.com/browse/GH-5"></property>`)
	// What somebody attests of a failure does not hide it.
	r := readinesstest.Rich()
	r.Items[3].Overlay = &readiness.Overlay{Kind: readiness.Attested, By: "Ada"}
	require.NoError(t, xml.Unmarshal([]byte(shown(t, "junit", r, render.Options{})), &s))
	require.Equal(t, 2, s.Failures)
}

func TestReadinessJUnitIsXMLWhateverIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRun(t)
		text := shown(t, "junit", r, render.Options{})
		var s suites
		require.NoError(t, xml.Unmarshal([]byte(text), &s))
		require.Equal(t, 14, s.Tests)
		for _, c := range text {
			require.True(t, c == '\n' || unicode.IsPrint(c), "%U", c)
		}
	})
}

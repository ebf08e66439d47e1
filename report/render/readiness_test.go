package render_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render"
)

// run is a run with one item of each verdict.
func run() readiness.Run {
	item := func(id string, verdict readiness.Verdict, part readiness.Judgement) readiness.Item {
		part.Verdict, part.Checker, part.Subjects = verdict, "k", 1
		return readiness.Item{
			ID: id, Guide: "readiness", Section: "Database Systems", Title: "Backup", Text: "Backups", Severity: report.High,
			Phase: readiness.Periodic, Verdict: verdict, Expected: part.Expected, Found: part.Found,
			Judgements: []readiness.Judgement{part}, Remediation: "Restore it", Evidence: []string{"aws.rds"},
		}
	}
	r := readiness.Run{Environment: "staging", Started: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Seconds: 1.94, Items: []readiness.Item{
		item("DB-1", readiness.Pass, readiness.Judgement{Expected: "two replicas", Found: "two replicas stream"}),
		item("DB-2", readiness.Fail, readiness.Judgement{
			Expected: "a backup of today", Found: "database a: 26 h old; database b: none",
			Failures: []readiness.Failure{{Where: "database a", Found: "26 h old"}, {Where: "database b", Found: "none", Remedy: "take one"}},
		}),
		item("DB-3", readiness.Unknown, readiness.Judgement{Found: "postgres.archiver: denied"}),
		item("DB-4", readiness.Manual, readiness.Judgement{Found: "nobody has stated it"}),
		item("DB-5", readiness.Error, readiness.Judgement{Found: "the checker failed"}),
		item("DB-6", readiness.NotApplicable, readiness.Judgement{Found: "there is no cache"}),
		item("DB-7", readiness.Fail, readiness.Judgement{Found: "x", Failures: []readiness.Failure{{Where: "w", Found: "accepted"}}}),
	}}
	r.Items[6].Overlay = &readiness.Overlay{Kind: readiness.Waived, By: "Ada", Expires: "2027-01-01"}
	r.Evidence = []readiness.Evidence{{ID: "aws.rds", Source: "aws", Query: "rds:DescribeDBInstances", SHA256: "ab", Complete: true}}
	r.Finish(report.High)
	r.Next = []readiness.Step{
		{Kind: readiness.Fix, Items: []string{"DB-2"}, What: "Two databases have no backup of today.", Do: "Restore it"},
		{Kind: readiness.Read, Items: []string{"DB-3", "DB-4"}, What: "Nobody can say"},
	}
	return r
}

func shown(t require.TestingT, format string, r readiness.Run, o render.Options) string {
	var out bytes.Buffer
	require.NoError(t, render.ReadinessFormats[format](&out, r, o))
	return out.String()
}

func TestReadinessText(t *testing.T) {
	require.Equal(t, `readiness of staging, 2026-11-22 09:00 UTC

Database Systems · readiness · 16 %
✗ DB-2 Backup: FAIL · high
    expected  a backup of today
    found     database a: 26 h old
    found     database b: none
              → take one
    → Restore it
? DB-3 Backup: UNKNOWN · high
    postgres.archiver: denied
☐ DB-4 Backup: MANUAL · high
    nobody has stated it
! DB-5 Backup: ERROR · high
    the checker failed
✗ DB-7: waived
✓ DB-1
– DB-6: not applicable

readiness   7 items: 1 pass · 2 fail · 1 error · 1 unknown · 1 manual · 1 not
            applicable · 1 waived · 16 % holds · 1.9 s
coverage    1 query read · 0 partly · 0 not read
not ready   DB-2 Two databases have no backup of today.
            → Restore it
            DB-3, DB-4 Nobody can say
`, shown(t, "text", run(), render.Options{}))
	verbose := shown(t, "text", run(), render.Options{Verbose: true})
	require.Contains(t, verbose, "✗ DB-7 Backup: FAIL · high · waived by Ada until 2027-01-01")
	require.Contains(t, verbose, "✓ DB-1 Backup: PASS · high\n    two replicas stream")
	require.True(t, strings.HasSuffix(shown(t, "text", run(), render.Options{}), shown(t, "summary", run(), render.Options{})))
}

func TestReadinessSummaryOfWhatIsRich(t *testing.T) {
	require.Equal(t, `readiness   14 items: 5 pass · 3 fail · 1 error · 1 unknown · 3 manual · 1 not
            applicable · 1 waived · 2 attested · 53 % holds · 3.9 s
since       2026-11-21 10:15 UTC: 2 worse · 1 incomparable · 1 gone · 1 new · 1
            better
            worse: DB-3, aws-rds-storage-encrypted
            incomparable: K8S-5
            gone: OLD-9
            new: MNT-1
            better: APP-2
coverage    8 queries read · 1 partly · 1 not read
            vacuous, as nothing was there to look at: CACHE-3
expiring    COMP-3 attested by Ada Lovelace until 2026-11-18: has ended
            CACHE-1 waived by Platform team until 2026-11-30: 8 days left
            MNT-1 attested by Operations until 2026-12-01: 9 days left
`, strings.Split(shown(t, "summary", readinesstest.Rich(), render.Options{}), "not ready")[0])
}

// What is waived or stated is not shown as if it had passed.
func TestReadinessTextSaysWhyAnItemIsClosed(t *testing.T) {
	r := run()
	r.Items = r.Items[:0]
	for i, verdict := range []readiness.Verdict{readiness.Pass, readiness.Fail, readiness.Unknown, readiness.Manual, readiness.Manual, readiness.NotApplicable} {
		kinds := []string{"", readiness.Waived, readiness.Waived, readiness.Waived, readiness.Attested, ""}
		item := readiness.Item{ID: fmt.Sprintf("DB-%d", i+1), Section: "Database Systems", Guide: "readiness", Verdict: verdict}
		if kinds[i] != "" {
			item.Overlay = &readiness.Overlay{Kind: kinds[i]}
		}
		r.Items = append(r.Items, item)
	}
	r.Finish(report.High)
	require.Contains(t, shown(t, "text", r, render.Options{}), `
✗ DB-2: waived
? DB-3: waived
☐ DB-4: waived
✓ DB-1
✓ DB-5: attested
– DB-6: not applicable
`)
}

func TestReadinessSummaryOfOtherEvidence(t *testing.T) {
	r := run()
	r.Comparison = &readiness.Comparison{Changed: 1, Changes: []readiness.Change{{ID: "DB-3", Direction: readiness.Changed}}}
	text := shown(t, "summary", r, render.Options{})
	require.Contains(t, text, ": every verdict is the same\n            on other evidence: DB-3\n")
}

func TestReadinessOfWhatIsReady(t *testing.T) {
	require.Equal(t, `readiness   1 item: 1 pass · 0 fail · 0 error · 0 unknown · 0 manual · 100 %
            holds · 3.9 s
coverage    2 queries read · 0 partly · 0 not read
ready       nothing is open
`, shown(t, "summary", readinesstest.Ready(), render.Options{}))
	none := readinesstest.Bare()
	none.Summary.Headline = "staging is not ready: no item was judged"
	bare := shown(t, "summary", none, render.Options{})
	require.Contains(t, bare, "the run was cut off: what was not read")
	require.Contains(t, bare, "not ready   staging is not ready: no item was judged\n")
	require.NotContains(t, bare, "nothing is open")
	require.NotContains(t, bare, "coverage")
	require.NotContains(t, bare, "holds", "nothing applies")
}

func TestReadinessSummarySaysWhatToRenew(t *testing.T) {
	r := readinesstest.Ready()
	for _, items := range [][]string{{"DB-1"}, {}} { // a rule is no item
		r.Next = []readiness.Step{{Kind: readiness.Renew, Items: items, What: "the waiver of DB-1 ends on 2026-11-30", Do: "gatehouse waive DB-1"}}
		require.Contains(t, shown(t, "summary", r, render.Options{}),
			"\nready       nothing is open\nnext        the waiver of DB-1 ends on 2026-11-30\n            → gatehouse waive DB-1\n")
		require.NotContains(t, readinessMarkdown(t, r), "  (")
	}
}

// What is long is cut, unless all is asked for.
func TestReadinessSummaryIsShort(t *testing.T) {
	r := readinesstest.Rich()
	step, ends := r.Next[0], r.Expiring[0]
	r.Next, r.Expiring = nil, nil
	for i := range 9 {
		step.Items = []string{fmt.Sprintf("DB-%d", i)}
		r.Next, r.Expiring = append(r.Next, step), append(r.Expiring, ends)
	}
	for i := range 100 {
		r.Coverage.Vacuous = append(r.Coverage.Vacuous, fmt.Sprintf("K8S-%d", i))
	}
	text := shown(t, "summary", r, render.Options{})
	require.Contains(t, text, "            4 more steps (--verbose)\n")
	require.Contains(t, text, "            and 4 more (--verbose)\n")
	require.Contains(t, text, " more\n")
	require.NotContains(t, text, "DB-5")
	require.Contains(t, shown(t, "summary", r, render.Options{Verbose: true}), "DB-8")
	require.Contains(t, shown(t, "summary", r, render.Options{Verbose: true}), "K8S-99")
}

// Lines break at 80 columns unless a word is longer, and colour adds nothing but
// colour.
func TestReadinessTextFits(t *testing.T) {
	colours := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for _, r := range []readiness.Run{readinesstest.Rich(), readinesstest.Ready(), readinesstest.Bare()} {
		for _, verbose := range []bool{false, true} {
			text := shown(t, "text", r, render.Options{Verbose: verbose})
			for _, l := range strings.Split(text, "\n") {
				if utf8.RuneCountInString(l) > 80 {
					require.Len(t, strings.Fields(l), 1, l)
				}
			}
			coloured := shown(t, "text", r, render.Options{Verbose: verbose, Color: true})
			require.NotEqual(t, text, coloured)
			require.Equal(t, text, colours.ReplaceAllString(coloured, ""))
		}
	}
}

// anyRun is the rich run with any text in every place that may hold any.
func anyRun(t *rapid.T) readiness.Run {
	before, after := anyText(t, "before"), anyText(t, "after")
	r := readinesstest.Map(readinesstest.Rich(), func(s string) string { return before + s + after })
	if rapid.Bool().Draw(t, "odd words") {
		// Words of a fixed list may be anything in a file that nobody checked.
		r.Items[9].Verdict, r.Items[9].Severity, r.Next[0].Kind = readiness.Verdict(before), report.Severity(before), before
		r.Next[1].Severity, r.Comparison.Changes[0].Direction = report.Severity(before), readiness.Direction(before)
	}
	return r
}

// Whatever was read, the text stays text.
func TestReadinessTextShowsControlCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRun(t)
		for _, format := range []string{"text", "summary"} {
			text := shown(t, format, r, render.Options{Verbose: rapid.Bool().Draw(t, "verbose")})
			require.True(t, utf8.ValidString(text))
			for _, c := range text {
				require.True(t, c == '\n' || unicode.IsPrint(c), "%U", c)
			}
		}
	})
}

func TestSameRunSameBytes(t *testing.T) {
	for _, format := range render.ReadinessNames() {
		first := shown(t, format, readinesstest.Rich(), render.Options{})
		for i := range 5 {
			later := render.Options{Now: time.Date(2027, 1, i+1, 0, 0, 0, 0, time.UTC)}
			require.True(t, first == shown(t, format, readinesstest.Rich(), later), format)
		}
	}
}

func TestReadinessWriteFails(t *testing.T) {
	for _, format := range render.ReadinessNames() {
		require.ErrorIs(t, render.ReadinessFormats[format](refusing{}, run(), render.Options{}), bytes.ErrTooLarge, format)
	}
}

package render_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/render"
)

// run is a run with one item of each verdict.
func run() readiness.Run {
	item := func(id string, verdict readiness.Verdict, part readiness.Judgement) readiness.Item {
		part.Verdict, part.Checker = verdict, "k"
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
	return r
}

func shown(t require.TestingT, format string, r readiness.Run, o render.Options) string {
	var out bytes.Buffer
	require.NoError(t, render.ReadinessFormats[format](&out, r, o))
	return out.String()
}

func TestReadinessText(t *testing.T) {
	require.Equal(t, `readiness of staging, 2026-11-22 09:00 UTC

Database Systems · readiness
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
✓ DB-1, DB-6, DB-7

readiness   7 items: 1 pass · 2 fail · 1 error · 1 unknown · 1 manual · 1 not
            applicable · 1 waived · 1.9 s
not ready   DB-2 Backup: database a: 26 h old; database b: none
            DB-5 Backup: the checker failed
            2 items left to decide: unknown, manual or below high
`, shown(t, "text", run(), render.Options{}))
	verbose := shown(t, "text", run(), render.Options{Verbose: true})
	require.Contains(t, verbose, "✗ DB-7 Backup: FAIL · high · waived by Ada until 2027-01-01")
	require.Contains(t, verbose, "✓ DB-1 Backup: PASS · high\n    two replicas stream")
	require.True(t, strings.HasSuffix(shown(t, "text", run(), render.Options{}), shown(t, "summary", run(), render.Options{})))
}

func TestReadinessOfWhatIsReady(t *testing.T) {
	r := run()
	r.Items = r.Items[:1]
	r.Finish(report.High)
	require.Equal(t, "readiness   1 item: 1 pass · 0 fail · 0 error · 0 unknown · 0 manual · 1.9 s\nready       nothing is open\n",
		shown(t, "summary", r, render.Options{}))
	r.Interrupted = true
	r.Finish(report.High)
	require.Contains(t, shown(t, "summary", r, render.Options{}), "the run was cut off")
	require.NotContains(t, shown(t, "summary", r, render.Options{}), "nothing is open")
}

// Whatever was read, the text stays text, and colour changes nothing else.
func TestReadinessTextShowsControlCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := run()
		for i := range r.Items {
			item := &r.Items[i]
			item.Title, item.Found, item.Section = anyText(t, "title"), anyText(t, "found"), anyText(t, "section")
			part := &item.Judgements[0]
			part.Found, part.Expected = anyText(t, "part"), anyText(t, "expected")
			part.Failures = append(part.Failures, readiness.Failure{Where: anyText(t, "where"), Found: anyText(t, "how"), Remedy: anyText(t, "remedy")})
		}
		for _, format := range []string{"text", "summary"} {
			text := shown(t, format, r, render.Options{Verbose: rapid.Bool().Draw(t, "verbose")})
			require.True(t, utf8.ValidString(text))
			for _, c := range text {
				require.True(t, c == '\n' || unicode.IsPrint(c), "%U", c)
			}
		}
	})
}

func TestReadinessJSONKeepsToItsSchema(t *testing.T) {
	schema := compiled(t, render.ReadinessSchema())
	empty := readiness.Run{}
	empty.Finish(report.High)
	for _, r := range []readiness.Run{run(), empty} {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(shown(t, "json", r, render.Options{})))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(instance))
	}
	var back readiness.Run
	require.NoError(t, json.Unmarshal([]byte(shown(t, "json", run(), render.Options{})), &back))
	require.Equal(t, run().Summary, back.Summary)
	require.Equal(t, 2, back.Summary.Fail)
	require.True(t, back.Summary.Failed)
}

func TestReadinessWriteFails(t *testing.T) {
	for _, format := range render.ReadinessNames() {
		require.ErrorIs(t, render.ReadinessFormats[format](refusing{}, run(), render.Options{}), bytes.ErrTooLarge, format)
	}
}

package metrics_test

import (
	"bytes"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/metrics"
	"gatehouse/report/readiness"
)

func percent(n int) *int { return &n }

// example is a run in which every metric has something to say.
func example() readiness.Run {
	item := func(id, section string, severity report.Severity, verdict readiness.Verdict, overlay string) readiness.Item {
		made := readiness.Item{ID: id, Section: section, Severity: severity, Verdict: verdict}
		if overlay != "" {
			made.Overlay = &readiness.Overlay{Kind: overlay}
		}
		return made
	}
	return readiness.Run{
		Environment: "staging", Started: time.Date(2026, 11, 22, 10, 15, 0, 0, time.UTC), Seconds: 3.5,
		Items: []readiness.Item{
			item("DB-1", "Database Systems", report.Critical, readiness.Pass, ""),
			item("DB-2", "Database Systems", report.High, readiness.Fail, ""),
			item("DB-3", "Database Systems", report.High, readiness.Fail, readiness.Waived),
			item("SEC-1", "Security", report.Medium, readiness.Manual, readiness.Attested),
		},
		Summary:  readiness.Summary{Failed: true},
		Coverage: readiness.Coverage{Read: 90, Partly: 2, NotRead: 4},
		Sections: []readiness.Score{
			{Guide: "readiness", Name: "Database Systems", Percent: percent(33)},
			{Guide: "readiness", Name: "Security", Percent: percent(100)},
			{Guide: "deployment", Name: "Deployment"},
		},
		Expiring: []readiness.Expiring{
			{Kind: readiness.Waived, Of: "DB-3", Expires: "2026-11-30"},
			{Kind: readiness.Waived, Of: "DB-3", Expires: "2026-11-24"},
			{Kind: readiness.Attested, Of: "SEC-1", Expires: "2026-11-20"},
		},
		Policies: &readiness.Policies{Findings: []report.Finding{
			{Rule: "a", Severity: report.High, Verdict: report.Deny},
			{Rule: "a", Severity: report.High, Verdict: report.Deny},
			{Rule: "b", Severity: report.Low, Verdict: report.Undecided, Waived: true},
		}},
	}
}

func text(t *testing.T, run readiness.Run) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, metrics.Textfile(&out, run))
	return out.String()
}

// series are the lines of a metric, without its name.
func series(text, name string) []string {
	var found []string
	for line := range strings.Lines(text) {
		if rest, is := strings.CutPrefix(line, name); is && (rest[0] == '{' || rest[0] == ' ') {
			found = append(found, strings.TrimSpace(rest))
		}
	}
	return found
}

func TestARunIsSaid(t *testing.T) {
	got := text(t, example())
	for name, want := range map[string][]string{
		metrics.Item: {
			`{environment="staging",item="DB-1",overlay="none",section="Database Systems",severity="critical",verdict="PASS"} 1`,
			`{environment="staging",item="DB-2",overlay="none",section="Database Systems",severity="high",verdict="FAIL"} 1`,
			`{environment="staging",item="DB-3",overlay="waived",section="Database Systems",severity="high",verdict="FAIL"} 1`,
			`{environment="staging",item="SEC-1",overlay="attested",section="Security",severity="medium",verdict="MANUAL"} 1`,
		},
		metrics.Ready:        {`{environment="staging"} 0`},
		metrics.Failed:       {`{environment="staging"} 1`},
		metrics.Interrupted:  {`{environment="staging"} 0`},
		metrics.RunTimestamp: {`{environment="staging"} 1.7953425e+09`},
		metrics.RunDuration:  {`{environment="staging"} 3.5`},
		metrics.Queries: {
			`{environment="staging",state="not-read"} 4`, `{environment="staging",state="partly"} 2`, `{environment="staging",state="read"} 90`,
		},
		metrics.StatementExpiry: { // the morning after the last day, of two the first
			`{environment="staging",kind="attested",of="SEC-1"} 1.7952192e+09`,
			`{environment="staging",kind="waived",of="DB-3"} 1.7955648e+09`,
		},
		metrics.Score: {
			`{environment="staging",guide="readiness",section="Database Systems"} 0.33`,
			`{environment="staging",guide="readiness",section="Security"} 1`,
		},
	} {
		require.Equal(t, want, series(got, name), name)
	}
	items := series(got, metrics.Items)
	require.Len(t, items, len(readiness.Verdicts)*3, "0 is told from nothing")
	require.Contains(t, items, `{environment="staging",overlay="none",verdict="FAIL"} 1`)
	require.Contains(t, items, `{environment="staging",overlay="waived",verdict="FAIL"} 1`)
	require.Contains(t, items, `{environment="staging",overlay="none",verdict="UNKNOWN"} 0`)
	findings := series(got, metrics.PolicyFindings)
	require.Len(t, findings, 3*len(report.Severities)*2)
	require.Contains(t, findings, `{environment="staging",severity="high",verdict="deny",waived="false"} 2`)
	require.Contains(t, findings, `{environment="staging",severity="low",verdict="undecided",waived="true"} 1`)
	require.Contains(t, findings, `{environment="staging",severity="critical",verdict="deny",waived="false"} 0`)
	require.Equal(t, got, text(t, example()), "the same run makes the same bytes")
}

func TestWhatIsNotKnownIsAbsent(t *testing.T) {
	run := readiness.Run{Environment: "staging", Started: time.Unix(60, 0)}
	got := text(t, run)
	require.Empty(t, series(got, metrics.PolicyFindings), "no policies were judged, which is not that none deny")
	require.Empty(t, series(got, metrics.Score))
	require.Empty(t, series(got, metrics.StatementExpiry))
	require.Equal(t, []string{`{environment="staging"} 60`}, series(got, metrics.RunTimestamp))

	run.Summary.Ready, run.Interrupted = true, true
	got = text(t, run)
	require.Equal(t, []string{`{environment="staging"} 1`}, series(got, metrics.Ready))
	require.Equal(t, []string{`{environment="staging"} 1`}, series(got, metrics.Interrupted))
}

func TestPrometheusFindsNothingToCorrect(t *testing.T) {
	said := text(t, example())
	problems, err := promlint.New(strings.NewReader(said)).Lint()
	require.NoError(t, err)
	require.Empty(t, problems)

	t.Run("promtool", func(t *testing.T) {
		tool, err := exec.LookPath("promtool")
		if testing.Short() || err != nil {
			t.Skip("promtool is not installed, or -short")
		}
		check := exec.CommandContext(t.Context(), tool, "check", "metrics")
		check.Stdin = strings.NewReader(said)
		out, err := check.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Empty(t, string(out))
	})
}

func TestTextInARunStaysText(t *testing.T) {
	run := example()
	run.Items = run.Items[:1]
	run.Items[0].Section = "a\"} 1\nevil{x=\"\\"
	got := text(t, run)
	require.Equal(t, []string{
		`{environment="staging",item="DB-1",overlay="none",section="a\"} 1\nevil{x=\"\\",severity="critical",verdict="PASS"} 1`,
	}, series(got, metrics.Item))
	require.Empty(t, series(got, "evil"))

	for name, change := range map[string]func(*readiness.Run){
		"section":     func(r *readiness.Run) { r.Items[0].Section = "\xff" },
		"environment": func(r *readiness.Run) { r.Environment = "\xff" },
	} {
		broken := example()
		change(&broken)
		var out bytes.Buffer
		err := metrics.Textfile(&out, broken)
		require.ErrorContains(t, err, "write metrics: make metric gatehouse_readiness_item", name)
		require.Zero(t, out.Len(), "nothing is written by halves")
	}
}

func TestTheNumberOfSeriesIsBounded(t *testing.T) {
	run := example()
	one := slices.Clone(run.Items[0:1])
	few := strings.Count(text(t, run), "\n")
	// The same items again, and what was read at great length.
	for range 1000 {
		one[0].Found, one[0].Judgements = strings.Repeat("x", 1000), make([]readiness.Judgement, 10)
		run.Items = append(run.Items, one...)
		run.Policies.Findings = append(run.Policies.Findings, report.Finding{Rule: "c", Severity: report.Low, Verdict: report.Deny})
	}
	require.Equal(t, few, strings.Count(text(t, run), "\n"))
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("the disk is full")
	}
	return len(p), nil
}

func TestAWriterThatFails(t *testing.T) {
	for _, left := range []int{0, 100, 2000} {
		require.ErrorContains(t, metrics.Textfile(&full{left}, example()), "write metrics: the disk is full")
	}
}

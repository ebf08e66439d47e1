package render_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/render"
)

// nasty are texts that mean something in one of the formats.
var nasty = []string{
	"\x1b[31mred\x1b[0m", "a|b", "`code`", "``` \n```", "-->", "<!-- x", "</details>", "</summary><script>", "]]>", "&amp;", "\x00", "\x07\x08",
	"one\ntwo", "\r\n::error::x", "%0A::warning::", "\xff\xfe", "\u202egnp", "\ufffe", "@team", "#12", "[a](http://x)", "$x$", "{0}", "a\tb",
	"  indented\n\tmore", "", " ", "~~~", "日本語", "\\|", "| a | b |", "=:,", "\u2028", "-", "*", "\U0001F600",
}

func anyText(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom(nasty),
		rapid.StringN(0, 10, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 6), func(b []byte) string { return string(b) }),
	), 0, 4).Draw(t, label)
	out := ""
	for _, part := range parts {
		out += part
	}
	return out
}

// anyResult is a result whose texts may hold anything.
func anyResult(t *rapid.T) report.Result {
	text := func(label string) string { return anyText(t, label) }
	names := []string{"aws-a", "aws-b", "kubernetes-c", "graph-d", "waiver-e"}
	severities := map[string]report.Severity{}
	for _, name := range names {
		severities[name] = rapid.SampledFrom(report.Severities).Draw(t, "severity")
	}
	r := report.Result{Environment: text("environment"), Source: text("source")}
	for range rapid.IntRange(0, 8).Draw(t, "findings") {
		f := report.Finding{
			Rule: rapid.SampledFrom(names).Draw(t, "rule"), Title: text("title"),
			Level:    rapid.SampledFrom([]report.Level{report.Advisory, report.Mandatory, report.Remediate}).Draw(t, "level"),
			Verdict:  rapid.SampledFrom([]report.Verdict{report.Deny, report.Undecided, report.Error}).Draw(t, "verdict"),
			Resource: text("resource"), Path: text("path"), Message: text("message"), Remediation: text("remediation"), Diff: text("diff"),
			Frameworks: []report.Framework{{Name: text("framework"), Requirement: text("requirement")}},
			Waived:     rapid.Bool().Draw(t, "waived"),
		}
		f.Severity = severities[f.Rule]
		if f.Waived && rapid.Bool().Draw(t, "who") {
			f.Waiver = &report.Waiver{Rule: f.Rule, Resource: "*", Reason: text("reason"), Approver: text("approver"), Ticket: text("ticket"), Expires: rapid.SampledFrom([]string{"2027-02-01", "x|"}).Draw(t, "expires")}
		}
		if rapid.Bool().Draw(t, "known place") {
			f.Location = &report.Location{File: text("file"), Line: rapid.IntRange(-1, 9).Draw(t, "line")}
		}
		r.Findings = append(r.Findings, f)
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 5, rapid.ID).Draw(t, "rules") {
		r.Rules = append(r.Rules, report.Rule{
			ID: name, Title: text("title"), Description: text("description"), Severity: severities[name], Remediation: text("remediation"),
			URL: rapid.SampledFrom([]string{"", "https://example.com/a b", "::", "relative"}).Draw(t, "url"),
		})
	}
	r.Summary.Unmatched = rapid.SliceOfN(rapid.SampledFrom(names), 0, 3).Draw(t, "unmatched")
	r.Finish(rapid.SampledFrom(append(report.Severities, "")).Draw(t, "least"))
	return r
}

func rendered(t require.TestingT, format string, r report.Result, o render.Options) string {
	var out bytes.Buffer
	require.NoError(t, render.Formats[format](&out, r, o))
	return out.String()
}

func TestSameResultSameBytes(t *testing.T) {
	require.Equal(t, []string{"github", "json", "junit", "markdown", "sarif", "text"}, render.Names())
	rapid.Check(t, func(t *rapid.T) {
		r := anyResult(t)
		for _, format := range render.Names() {
			require.Equal(t, rendered(t, format, r, options()), rendered(t, format, r, options()), format)
		}
	})
}

type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, bytes.ErrTooLarge }

func TestWriteFails(t *testing.T) {
	for _, format := range render.Names() {
		require.ErrorIs(t, render.Formats[format](refusing{}, example(), options()), bytes.ErrTooLarge, format)
	}
}

package render_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/render"
)

// asExample holds an output against the example that readers of the repository
// find in testdata.
func asExample(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile("testdata/"+file, []byte(got), 0o644))
	}
	want, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "look at what changed, then run `go test ./report/render -update`")
}

func TestTextExample(t *testing.T) {
	asExample(t, "example.txt", rendered(t, "text", example(), options()))
}

func TestTextOfACleanRun(t *testing.T) {
	r := report.Result{Source: "state of staging", Summary: report.Summary{Rules: 131, Resources: 1}}
	r.Finish(report.High)
	require.Equal(t, "state of staging: 1 resource, 131 rules\n\npolicies    131 rules · 0 denied · 0 waived · 0 undecided\n",
		rendered(t, "text", r, render.Options{}))
}

func TestTextVerbose(t *testing.T) {
	brief, o := rendered(t, "text", example(), options()), options()
	o.Verbose = true
	verbose := rendered(t, "text", example(), o)
	for _, only := range []string{"aws:iam/policy:Policy::keeper", "multiAz: it runs in one zone", "kubernetes-rbac-no-wildcards"} {
		require.NotContains(t, brief, only)
		require.Contains(t, verbose, only)
	}
}

func TestTextColor(t *testing.T) {
	o := options()
	o.Color = true
	colored := rendered(t, "text", example(), o)
	require.Contains(t, colored, "\x1b[1;31m✗ \x1b[0m\x1b[1;31mSSH is not open to the internet\x1b[0m")
	require.Contains(t, colored, "\x1b[32m+ storageEncrypted: true\x1b[0m")
	stripped := colored
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m", "\x1b[1;31m"} {
		stripped = strings.ReplaceAll(stripped, code, "")
	}
	require.Equal(t, rendered(t, "text", example(), options()), stripped, "colour changes nothing else")
}

func TestTextShowsControlCharacters(t *testing.T) {
	r := example()
	r.Findings[1].Message = "a\x1b[2Jb\u202ec\xffd"
	require.Contains(t, rendered(t, "text", r, options()), `a\x1b[2Jb\u202ec`+"\ufffdd")
	rapid.Check(t, func(t *rapid.T) {
		o := options()
		o.Verbose = rapid.Bool().Draw(t, "verbose")
		text := rendered(t, "text", anyResult(t), o)
		require.True(t, utf8.ValidString(text))
		for _, r := range text {
			require.True(t, r == '\n' || unicode.IsPrint(r), "%U", r)
		}
	})
}

func TestTextKeepsToItsWidth(t *testing.T) {
	words := rapid.StringMatching(`[a-zé]{1,20}( [a-z:/é]{1,25}){0,30}`)
	rapid.Check(t, func(t *rapid.T) {
		r := anyResult(t)
		r.Source = words.Draw(t, "source")
		r.Summary.Disabled = rapid.SliceOfN(rapid.StringMatching(`[a-z-]{1,20}`), 0, 30).Draw(t, "disabled")
		for i := range r.Findings {
			f := &r.Findings[i]
			f.Title, f.Message, f.Path, f.Diff = words.Draw(t, "title"), words.Draw(t, "message"), "a.b[0]", ""
			f.Resource, f.Remediation = rapid.StringMatching(`[a-z:/]{1,44}`).Draw(t, "resource"), words.Draw(t, "remediation")
			if f.Location != nil {
				f.Location.File = rapid.StringMatching(`[a-z/]{1,40}`).Draw(t, "file")
			}
			if f.Waiver != nil {
				f.Waiver.Reason, f.Waiver.Approver, f.Waiver.Ticket = words.Draw(t, "reason"), "alice", "PLAT-1"
			}
		}
		o := render.Options{Width: rapid.SampledFrom([]int{0, 60, 80, 120}).Draw(t, "width"), Verbose: rapid.Bool().Draw(t, "verbose")}
		for _, line := range strings.Split(rendered(t, "text", r, o), "\n") {
			require.LessOrEqual(t, utf8.RuneCountInString(line), max(o.Width, 60, 80*(1-min(o.Width, 1))), line)
		}
	})
}

func TestTextPutsThePlaceWhereItFits(t *testing.T) {
	r := example()
	r.Findings = r.Findings[3:4]
	place := "stacks/data.go:41"
	for length, want := range map[int]string{
		59: "  %s  " + place + "\n",     // 80 columns
		60: "  %s\n    " + place + "\n", // one too many
	} {
		name := strings.Repeat("x", length)
		r.Findings[0].Resource = name
		require.Contains(t, rendered(t, "text", r, options()), strings.Replace(want, "%s", name, 1))
	}
}

func TestLine(t *testing.T) {
	r := example()
	require.Equal(t, "131 rules · 4 denied (2 critical, 1 high, 1 low) · 1 could not be judged · 1 waived (next expiry 2027-02-01) · 2 undecided", render.Line(r))
	later := r.Findings[len(r.Findings)-1]
	later.Waiver = &report.Waiver{Expires: "2026-12-31"}
	r.Findings = append(r.Findings, later)
	r.Summary.Remediated = 5
	require.Contains(t, render.Line(r), "next expiry 2026-12-31")
	require.Contains(t, render.Line(r), " · 5 put right")
}

func TestTextNamesTheFirstOfMany(t *testing.T) {
	r := report.Result{Source: "many"}
	for i := range 25 {
		r.Findings = append(r.Findings, report.Finding{
			Rule: "aws-a", Title: "A", Severity: report.High, Level: report.Mandatory, Verdict: report.Deny,
			Resource: fmt.Sprintf("t::resource-%02d", i), Message: "no",
		})
	}
	r.Finish(report.High)
	text := rendered(t, "text", r, options())
	require.Contains(t, text, "resource-19")
	require.NotContains(t, text, "resource-20")
	require.Contains(t, text, "… and 5 more resources; --verbose names them all")
	o := options()
	o.Verbose = true
	require.Contains(t, rendered(t, "text", r, o), "resource-24")
}

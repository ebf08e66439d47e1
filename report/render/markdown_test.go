package render_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
)

func TestMarkdownExample(t *testing.T) {
	asExample(t, "example.md", rendered(t, "markdown", example(), options()))
}

func TestMarkdownMarker(t *testing.T) {
	for environment, want := range map[string]string{
		"staging": "<!-- gatehouse-policies:staging -->", "": "<!-- gatehouse-policies:manifests -->", "a--> b": "<!-- gatehouse-policies:a---b -->",
	} {
		marker, _, _ := strings.Cut(rendered(t, "markdown", report.Result{Environment: environment}, options()), "\n")
		require.Equal(t, want, marker)
	}
}

func TestMarkdownVerdict(t *testing.T) {
	require.Contains(t, rendered(t, "markdown", example(), options()), "\n### ❌ Policies: failed\n")
	require.Contains(t, rendered(t, "markdown", report.Result{}, options()), "\n### ✅ Policies: passed\n")
}

func TestMarkdownCallsNobody(t *testing.T) {
	r := example()
	r.Findings[1].Message = "ask @platform about #12"
	out := rendered(t, "markdown", r, options())
	require.Contains(t, out, "ask @&#8203;platform about #&#8203;12")
}

func TestMarkdownFences(t *testing.T) {
	r := example()
	r.Findings[3].Diff = "+ a: |\n````\n</details>"
	out := rendered(t, "markdown", r, options())
	require.Contains(t, out, "\n`````diff\n# aws:rds/instance:Instance::portal-db\n+ a: |\n````\n</details>\n`````\n")
	checkMarkdown(t, out)
}

var (
	tags  = regexp.MustCompile(`</?(details|summary|code)>|^<!-- gatehouse(-policies|:readiness):[A-Za-z0-9_.-]+ -->$`)
	fence = regexp.MustCompile("^(`{3,})(diff)?$")
)

// checkMarkdown holds the structure of a comment against what GitHub reads.
func checkMarkdown(t require.TestingT, text string) {
	require.LessOrEqual(t, len(text), 65536)
	open, columns, depth := "", 0, 0
	for i, line := range strings.Split(text, "\n") {
		if open != "" {
			if line == open {
				open = ""
			}
			continue
		}
		if m := fence.FindStringSubmatch(line); m != nil {
			open = m[1]
			continue
		}
		require.NotContains(t, tags.ReplaceAllString(line, ""), "<", line)
		require.NotContains(t, line, "`", line)
		require.Equal(t, i == 0, strings.Contains(line, "<!--"), line)
		depth += strings.Count(line, "<details>") - strings.Count(line, "</details>")
		require.Contains(t, []int{0, 1}, depth, line)
		if !strings.HasPrefix(line, "|") {
			columns = 0
			require.NotContains(t, line, "|")
			continue
		}
		n := strings.Count(line, "|")
		if columns == 0 {
			columns = n
		}
		require.Equal(t, columns, n, line)
	}
	require.Empty(t, open, "a fence is left open")
	require.Zero(t, depth, "details are left open")
}

func TestMarkdownStaysInShape(t *testing.T) {
	checkMarkdown(t, rendered(t, "markdown", example(), options()))
	rapid.Check(t, func(t *rapid.T) {
		checkMarkdown(t, rendered(t, "markdown", anyResult(t), options()))
	})
}

func TestMarkdownIsCutAtARow(t *testing.T) {
	var r report.Result
	for i := range 3000 {
		f := report.Finding{
			Rule: fmt.Sprintf("aws-%04d", i), Title: "T|" + strings.Repeat("long ", 200), Severity: report.High, Level: report.Mandatory, Verdict: report.Deny,
			Resource: fmt.Sprintf("r%d", i), Message: strings.Repeat("@", 4000), Remediation: "Do:\n\n  it\n", Diff: "+ a",
		}
		f.Waived = i%3 == 0
		if i%3 == 1 {
			f.Verdict = report.Undecided
		}
		r.Findings = append(r.Findings, f)
		r.Summary.Unmatched = append(r.Summary.Unmatched, f.Rule)
	}
	r.Finish(report.High)
	text := rendered(t, "markdown", r, options())
	checkMarkdown(t, text)
	require.Greater(t, len(text), 60000, "the room is used")
	left := regexp.MustCompile(`(?m)^_Left out for want of room: (\d+) (.*?)\. The job's log`).FindAllStringSubmatch(text, -1)
	require.NotEmpty(t, left)
	var rows, said int
	require.Equal(t, "denials", left[0][2])
	_, err := fmt.Sscan(left[0][1], &said)
	require.NoError(t, err)
	rows = strings.Count(text, "\n| high |")
	require.Equal(t, 1000, rows+said)
}

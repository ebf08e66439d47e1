package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report/readiness"
	"gatehouse/report/render"
)

var auditRun = readiness.Ref{ID: "staging-20261122T101500Z", Environment: "staging", Started: time.Date(2026, 11, 22, 10, 15, 0, 0, time.UTC)}

func auditView() readiness.Framework {
	return readiness.Framework{
		Name: "CIS EKS", Edition: "Benchmark 1.5.0", Scope: "Some are listed. No body has approved the mapping.",
		Counts: map[readiness.ControlStatus]int{readiness.NotMet: 1, readiness.Supported: 1, readiness.NotCovered: 2},
		Controls: []readiness.Control{
			{
				ID: "4.1.1", Title: "Few cluster administrators", Group: "4.1 RBAC", Status: readiness.NotMet, Items: []string{"K8S-6", "COMP-5"},
				Rules: []string{"r-1", "r-2"}, Against: []string{"K8S-6", "r-2"}, Undecided: []string{"r-1"},
			},
			{ID: "4.1.2", Title: "Little access to secrets", Group: "4.1 RBAC", Status: readiness.NotCovered},
			{ID: "4.1.4", Title: "Few may create pods", Group: "4.1 RBAC", Status: readiness.NotCovered},
			{ID: "5.1.1", Title: "Images are scanned", Group: "5.1 Images", Status: readiness.Supported, Items: []string{"CODE-3"}},
		},
	}
}

func framework(t require.TestingT, format string, view readiness.Framework, o render.Options) string {
	var b bytes.Buffer
	require.NoError(t, render.FrameworkFormats[format](&b, auditRun, view, o))
	return b.String()
}

func TestFrameworkText(t *testing.T) {
	require.Equal(t, `CIS EKS: what the run staging-20261122T101500Z supports
Benchmark 1.5.0 · staging, 2026-11-22 10:15 UTC

4.1 RBAC
✗ 4.1.1 Few cluster administrators: not met
    K8S-6, COMP-5, 2 rules
    against   K8S-6, r-2
    undecided r-1
– not covered: 4.1.2, 4.1.4

5.1 Images
✓ 5.1.1 Images are scanned: supported
    CODE-3

controls    4 controls: 1 not met · 0 accepted · 0 undetermined · 0 vacuous · 1
            supported · 2 not covered
scope       Some are listed. No body has approved the mapping.
`, framework(t, "text", auditView(), render.Options{}))
	view := auditView()
	view.Controls[0].Against = strings.Split("a b c d e f g h i j", " ")
	require.Contains(t, framework(t, "text", view, render.Options{}), "g, h, and 2 more (--verbose)")
	all := framework(t, "text", view, render.Options{Verbose: true})
	require.Contains(t, all, "h, i, j")
	require.Contains(t, all, "COMP-5, r-1, r-2")
}

func TestFrameworkMarkdown(t *testing.T) {
	text := framework(t, "markdown", auditView(), render.Options{})
	require.Contains(t, text, "| 4.1.1 Few cluster administrators | not met | K8S-6, COMP-5, 2 rules | K8S-6, r-2 | r-1 |\n")
	require.Contains(t, text, "\nNot covered: 4.1.2, 4.1.4\n")
	require.Contains(t, text, "No body has approved the mapping.")
	view := auditView()
	view.Controls[3].Items = []string{"| <script>x</script>\n# head"}
	text = framework(t, "markdown", view, render.Options{})
	require.NotContains(t, text, "<script>")
	require.NotContains(t, text, "\n# head")
}

func TestFrameworkCSV(t *testing.T) {
	view := auditView()
	view.Controls[3].Title = "=cmd()"
	rows, err := csv.NewReader(strings.NewReader(framework(t, "csv", view, render.Options{}))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 5)
	require.Equal(t, []string{
		auditRun.ID, "CIS EKS", "Benchmark 1.5.0", "4.1 RBAC", "4.1.1", "Few cluster administrators", "not-met", "K8S-6; COMP-5", "r-1; r-2", "K8S-6; r-2", "r-1",
	}, rows[1])
	require.Equal(t, "'=cmd()", rows[4][5])
}

func TestFrameworkJSON(t *testing.T) {
	var back struct {
		Run       readiness.Ref
		Framework readiness.Framework
	}
	require.NoError(t, json.Unmarshal([]byte(framework(t, "json", auditView(), render.Options{})), &back))
	require.Equal(t, auditRun, back.Run)
	require.Equal(t, auditView(), back.Framework)
}

// Whatever a view holds, the text stays text of the terminal's width, and every
// control is in it.
func TestFrameworkHoldsAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.OneOf(rapid.StringN(0, 20, 40), rapid.SampledFrom([]string{"\x1b[31m", "a\nb", "\u202e", "|`<b>", "\xff"}))
		view := readiness.Framework{Name: hostile.Draw(t, "name"), Scope: hostile.Draw(t, "scope"), Counts: map[readiness.ControlStatus]int{}}
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			status := rapid.SampledFrom(append([]readiness.ControlStatus{"odd\x1b"}, readiness.ControlStatuses...)).Draw(t, "status")
			view.Controls = append(view.Controls, readiness.Control{
				ID: rapid.StringMatching(`X-[0-9]{3}`).Draw(t, "id"), Title: hostile.Draw(t, "title"), Group: hostile.Draw(t, "group"),
				Status: status, Items: []string{hostile.Draw(t, "item")}, Against: []string{hostile.Draw(t, "against")},
			})
		}
		for _, format := range render.FrameworkNames() {
			text := framework(t, format, view, render.Options{})
			for _, c := range view.Controls {
				require.Contains(t, text, c.ID, format)
			}
			require.NotContains(t, text, "\x1b", format)
			if format != "text" {
				continue
			}
			require.NotContains(t, text, "\u202e")
			for _, line := range strings.Split(text, "\n") {
				if strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, `\x`) && !strings.Contains(line, `\u`) && !strings.Contains(line, `\U`) {
					require.LessOrEqual(t, utf8.RuneCountInString(line), 80)
				}
			}
		}
	})
}

package waivers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/waivers"
)

var legacy = report.Waiver{
	Rule: "kubernetes-pods-privileged", Resource: "*::kube-system/*", Environments: []string{"production"},
	Reason: "node agents: they must", Approver: "carol", Ticket: "42", Expires: "2027-05-01",
}

const legacyText = `- rule: kubernetes-pods-privileged
  resource: '*::kube-system/*'
  environments: [production]
  reason: 'node agents: they must'
  approver: carol
  ticket: "42"
  expires: 2027-05-01
`

func TestAppend(t *testing.T) {
	indented := "  " + strings.ReplaceAll(strings.TrimSuffix(legacyText, "\n"), "\n", "\n  ") + "\n"
	for _, c := range []struct{ name, content, want string }{
		{"no file", "", "waivers:\n" + legacyText},
		{"comments only", "# ours", "# ours\nwaivers:\n" + legacyText},
		{"nothing", "# ours\nwaivers: # none yet\n", "# ours\nwaivers: # none yet\n" + legacyText},
		{"null", "waivers: null\n", "waivers:\n" + legacyText},
		{"empty list", "waivers: [] # none\n# end\n", "waivers: # none\n# end\n" + legacyText},
		{"list", file, file + indented},
		{"list without a last newline", strings.TrimSuffix(file, "\n"), file + indented},
		{"last comment", file + "  # end\n", file + "  # end\n" + indented},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := waivers.Append([]byte(c.content), []report.Waiver{legacy})
			require.NoError(t, err)
			require.Equal(t, c.want, string(out))
		})
	}
}

func TestAppendRefuses(t *testing.T) {
	for message, content := range map[string]string{
		"with a dash for each item":      `waivers: [{rule: a, resource: "*", reason: r, approver: a, ticket: t, expires: 2027-01-01}]`,
		"waivers.yaml:1: unknown key":    "waiver: []\n",
		"is waived for *::kube-system/*": "waivers:\n" + legacyText,
	} {
		out, err := waivers.Append([]byte(content), []report.Waiver{legacy})
		require.ErrorContains(t, err, message)
		require.Nil(t, out)
	}
	bad := legacy
	bad.Ticket, bad.Expires = "", "x: [1"
	_, err := waivers.Append(nil, []report.Waiver{bad})
	require.ErrorContains(t, err, "ticket: want a text")
	require.ErrorContains(t, err, `expires: want a day such as 2027-02-01, found "x: [1"`)
}

func TestAppendNothing(t *testing.T) {
	out, err := waivers.Append([]byte(file), nil)
	require.NoError(t, err)
	require.Equal(t, file, string(out))
}

func TestAppendKeepsWhatIsSaid(t *testing.T) {
	text := rapid.StringMatching(`[ -~\n\t"'#:é]{0,40}x[ -~\n]{0,10}`)
	rapid.Check(t, func(t *rapid.T) {
		w := report.Waiver{
			Rule: "a", Resource: text.Draw(t, "resource"), Reason: text.Draw(t, "reason"), Approver: text.Draw(t, "approver"),
			Ticket: text.Draw(t, "ticket"), Expires: "2027-01-01",
		}
		out, err := waivers.Append([]byte(file), []report.Waiver{w})
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(out), file))
		after, err := waivers.Parse("w.yaml", out)
		require.NoError(t, err)
		after[2].Line, after[2].EndLine = 0, 0
		require.Equal(t, w, after[2])
	})
}

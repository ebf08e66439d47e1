package waivers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/waivers"
)

func TestRenew(t *testing.T) {
	w := report.Waiver{
		Rule: "aws-rds-multi-az", Resource: "aws:rds/instance:Instance::portal-*", Environments: []string{"staging"},
		Reason: "still", Approver: "carol", Ticket: "PLAT-20", Expires: "2027-08-01",
	}
	out, replaced, err := waivers.Renew([]byte(file), w)
	require.NoError(t, err)
	require.Equal(t, "2027-02-01", replaced.Expires)
	after := parsed(t, string(out))
	require.Len(t, after, 2)
	require.Equal(t, "aws-kms-rotation", after[0].Rule)
	require.Equal(t, "2027-08-01", after[1].Expires)
	require.NotContains(t, string(out), "one zone is enough")
	for _, kept := range []string{"# Approved by the platform team.", "# Staging is small.", "  - rule: aws-kms-rotation\n"} {
		require.Contains(t, string(out), kept)
	}

	// The only one, and the last one of a file without a last newline.
	alone := "waivers:\n" + legacyText
	w = legacy
	w.Expires = "2028-01-01"
	for _, content := range []string{alone, strings.TrimSuffix(alone, "\n")} {
		out, _, err = waivers.Renew([]byte(content), w)
		require.NoError(t, err)
		require.Equal(t, strings.ReplaceAll(alone, "2027-05-01", "2028-01-01"), string(out))
	}
}

func TestRenewNothing(t *testing.T) {
	out, replaced, err := waivers.Renew([]byte(file), legacy)
	require.NoError(t, err)
	require.Nil(t, replaced)
	require.Len(t, parsed(t, string(out)), 3)
	want, err := waivers.Append([]byte(file), []report.Waiver{legacy})
	require.NoError(t, err)
	require.Equal(t, string(want), string(out))
}

func TestRenewRefuses(t *testing.T) {
	w := legacy
	w.Expires = "2028-01-01"
	for message, c := range map[string]struct {
		content string
		change  func(*report.Waiver)
	}{
		"is waived for *::kube-system/* already on line 2": {"waivers:\n" + legacyText, func(w *report.Waiver) { w.Expires = legacy.Expires }},
		"for *::kube-system/* already on line 2":           {"waivers:\n" + legacyText, func(w *report.Waiver) { w.Environments = nil }},
		"it does not begin with a dash there":              {"waivers:\n-\n  " + legacyText[2:], func(*report.Waiver) {}},
		"unknown key":                                      {"waiver: []", func(*report.Waiver) {}},
		"take it out by hand":                              {"waivers: [\n" + flow, func(*report.Waiver) {}},
	} {
		changed := w
		c.change(&changed)
		out, _, err := waivers.Renew([]byte(c.content), changed)
		require.ErrorContains(t, err, message)
		require.Nil(t, out)
	}
}

const flow = `{rule: kubernetes-pods-privileged, resource: '*::kube-system/*', environments: [production], reason: r, approver: a, ticket: t, expires: 2027-05-01}]`

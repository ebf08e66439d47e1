package attestations_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/attestations"
)

const file = `# who said what
attestations:
- item: COMP-3
  environments: [production]
  owner: Ada Okafor
  statement: The impact assessment is approved
  link: https://wiki.example.com/dpia
  on: 2026-11-01
  expires: 2027-06-30
`

func TestParseAndHolds(t *testing.T) {
	all, err := attestations.Parse("attestations.yaml", []byte(file))
	require.NoError(t, err)
	require.Len(t, all, 1)
	a := all[0]
	require.Equal(t, 3, a.Line)
	require.Equal(t, 9, a.EndLine)
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		require.NoError(t, err)
		return d
	}
	require.True(t, a.Holds("production", day("2026-11-01")))
	require.True(t, a.Holds("production", day("2027-06-30").Add(23*time.Hour)), "through its last day")
	require.False(t, a.Holds("production", day("2027-07-01")))
	require.False(t, a.Holds("production", day("2026-10-31")))
	require.False(t, a.Holds("staging", day("2026-12-01")))

	all, err = attestations.Parse("attestations.yaml", nil)
	require.NoError(t, err)
	require.Empty(t, all)
	all, err = attestations.Read(t.TempDir() + "/attestations.yaml")
	require.NoError(t, err)
	require.Empty(t, all)
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"attestations: [{item: A-1}]":        "a.yaml:1: owner is missing: who states it?",
		"attestations: 3":                    "a.yaml: ",
		"attestation: []":                    "field attestation not found",
		"attestations:\n- item: A\n  who: x": "line 3: unknown key \"who\"",
		"attestations: [x]":                  "want an attestation",
		"\t":                                 "a.yaml:",
		"attestations:\n- {item: A-1, owner: o, statement: s, link: l, on: 2027-01-01, expires: 2027-01-01, digest: 'sha256:AB'}": `digest: want sha256: and 64 hexadecimal digits as the report shows them, found "sha256:AB"`,
		"attestations:\n- {item: A-1, owner: o, statement: s, link: l, on: soon, expires: 2027-01-01}":                            `on: want a day such as 2027-02-01, found "soon"`,
		"attestations:\n- {item: A-1, owner: o, statement: s, link: l, on: 2027-01-02, expires: 2027-01-01}":                      "it expires on 2027-01-01, before it was stated",
		"attestations:\n- {item: A-1, owner: o, statement: s, link: 'javascript:x', on: 2027-01-01, expires: 2027-01-01}":         "link: want a URL or a path",
		"attestations:\n- {item: A-1, owner: ' ', statement: s, link: l, on: 2027-01-01, expires: 2027-01-01}\n- {item: ''}\n":    "a.yaml:3: item is missing",
	} {
		_, err := attestations.Parse("a.yaml", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func TestAppendKeepsTheRest(t *testing.T) {
	more := attestations.Attestation{
		Item: "CODE-4", Owner: "Bo: \"lead\"", Statement: "two\nlines # no comment", Link: "docs/review.md", On: "2026-11-02", Expires: "2027-01-01",
		Digest: "sha256:" + strings.Repeat("0f", 32),
	}
	for _, before := range []string{file, "", "attestations: []\n", "# none yet\n", "attestations:\n"} {
		out, err := attestations.Append([]byte(before), more)
		require.NoError(t, err, before)
		all, err := attestations.Parse("a.yaml", out)
		require.NoError(t, err)
		got := all[len(all)-1]
		got.Line, got.EndLine = 0, 0
		require.Equal(t, more, got)
		if before == file {
			require.Len(t, all, 2)
			require.Contains(t, string(out), file)
		}
	}
	_, err := attestations.Append([]byte(file), attestations.Attestation{Item: "CODE-4"})
	require.ErrorContains(t, err, "owner is missing")
	_, err = attestations.Append([]byte("nothing: here"), more)
	require.Error(t, err)
}

package visible_test

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report/render/visible"
)

func TestTextShowsWhatCannotBeSeen(t *testing.T) {
	for text, want := range map[string]string{
		"plain, ünï, 日本": "plain, ünï, 日本", "a\x00b\x1b[2J": `a\x00b\x1b[2J`, "\u202egnp.exe": `\u202egnp.exe`,
		"\ufeff": `\ufeff`, "\U000e0041": `\U000e0041`, "\xff": "\ufffd", "": "",
	} {
		require.Equal(t, want, visible.Text(text))
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range visible.Text(rapid.String().Draw(t, "text")) {
			require.True(t, unicode.IsPrint(r) || r == unicode.ReplacementChar, "%q", r)
		}
	})
}

func TestLineIsOneLine(t *testing.T) {
	require.Equal(t, "a b c", visible.Line("  a\r\n b\t\u2028c "))
}

func TestLinesKeepTheirIndentation(t *testing.T) {
	require.Equal(t, []string{"a", "", "    b", `c\x1b`}, visible.Lines("\n\na  \r\n\n\tb\nc\x1b\n\n"))
	require.Empty(t, visible.Lines(""))
}

func TestBlocksTellCodeFromParagraphs(t *testing.T) {
	require.Equal(t, []visible.Block{
		{Text: []string{"Set it,", "like this:"}},
		{Code: true, Text: []string{"a:", "  b: 1", "", "c: 2"}},
		{Text: []string{"Then look."}},
		{Text: []string{"Twice."}},
	}, visible.Blocks("Set it,\nlike this:\n\n  a:\n    b: 1\n\n  c: 2\nThen look.\n\nTwice.\n"))
	require.Empty(t, visible.Blocks(" \n"))
}

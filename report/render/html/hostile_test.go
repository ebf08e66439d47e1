package html_test

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report/readiness/readinesstest"
)

// safe checks that a text, put into every field of a run, stays text.
func safe(t require.TestingT, tb testing.TB, harm, shapeOfHarmless string) {
	// The mark before it keeps a link from becoming one, in both.
	page := write(tb, readinesstest.Map(readinesstest.Rich(), func(s string) string { return "x" + harm + s }))
	for _, r := range page {
		if r != '\n' && !unicode.IsPrint(r) && r != unicode.ReplacementChar {
			require.Failf(t, "a character that cannot be seen", "%q of %q", r, harm)
		}
	}
	root := parse(t, page)
	require.Equal(t, shapeOfHarmless, shape(root), "%q has changed the page", harm)
}

func harmless(t *testing.T) string {
	return shape(parse(t, write(t, readinesstest.Map(readinesstest.Rich(), func(s string) string { return "x" + s }))))
}

func TestKnownHarmStaysText(t *testing.T) {
	want := harmless(t)
	for _, harm := range readinesstest.Hostile {
		t.Run(harm, func(t *testing.T) { safe(t, t, harm, want) })
	}
}

func TestAnyTextStaysText(t *testing.T) {
	want := harmless(t)
	syntax := rapid.SampledFrom([]string{"<", ">", "\"", "'", "&", "</", "<!--", "-->", "]]>", "{{", "}}", "`", "=", "/", "script", "\x00", "\u202e", "\x1b", " "})
	piece := rapid.OneOf(syntax, rapid.String(), rapid.SampledFrom(readinesstest.Hostile))
	rapid.Check(t, func(r *rapid.T) {
		harm := ""
		for _, p := range rapid.SliceOfN(piece, 1, 6).Draw(r, "pieces") {
			harm += p
		}
		safe(r, t, harm, want)
	})
}

// What cannot be seen is shown as an escape, and NUL is not lost.
func TestWhatCannotBeSeenIsShown(t *testing.T) {
	page := text(find(t, parse(t, write(t, readinesstest.Rich())), "item-SEC-4"))
	for _, want := range []string{
		`<script>alert(1)</script>`, `nul\x00 bell\x07 back\x08`, `\u202egnp.exe`, `\u2066isolated\u2069`, `\ufeffmark`, `\x1b[2J\x1b[31mred`,
	} {
		require.Contains(t, page, want)
	}
}

// Only http and https are links; all else is text.
func TestOnlyTheWebIsLinked(t *testing.T) {
	for link, linked := range map[string]bool{
		"https://tickets.example.com/GH-5?a=1&b=2": true, "http://wiki.example.com": true, "HTTPS://EXAMPLE.COM/": true,
		"javascript:alert(1)": false, " javascript:alert(1)": false, "JAVASCRIPT:alert(1)": false, "data:text/html,x": false,
		"file:///etc/passwd": false, "//example.com": false, "GH-5": false, "https:": false, "http://[::1": false,
		"vbscript:x": false, "https://": false, "": false, "java\nscript:alert(1)": false,
	} {
		r := readinesstest.Rich()
		r.Items[4].Overlay.Link = link
		found := 0
		for _, a := range elements(find(t, parse(t, write(t, r)), "item-CACHE-1"), "a") {
			if href := attribute(a, "href"); href[0] != '#' {
				found++
				require.Equal(t, "noreferrer noopener", attribute(a, "rel"))
			}
		}
		require.Equal(t, linked, found == 1, link)
	}
}

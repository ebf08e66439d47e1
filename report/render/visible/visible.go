// Package visible makes texts from anywhere fit to be shown: what cannot be seen
// stands there as an escape. The syntax of a format (HTML, Markdown) is the
// format's own matter.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text shows what cannot be seen: control characters, ANSI escapes and
// characters that turn the direction of writing stand there as \x1b or \u202e.
// What is not UTF-8 becomes U+FFFD.
func Text(text string) string {
	plain := func(r rune) bool { return r != utf8.RuneError && unicode.IsPrint(r) }
	if strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == utf8.RuneError || unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// Line is a text as one visible line, with single spaces.
func Line(text string) string {
	return Text(strings.Join(strings.Fields(text), " "))
}

// Lines are the visible lines of a text, without spaces at their ends and
// without empty ones around them. A tab is four columns.
func Lines(text string) []string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", "    ")
	var out []string
	for l := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		out = append(out, strings.TrimRight(Text(l), " "))
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

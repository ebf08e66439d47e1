package render

import (
	"strings"
	"unicode/utf8"

	"gatehouse/report/render/visible"
)

// line is a text as one visible line, with single spaces.
func line(text string) string { return visible.Line(text) }

// lines are the visible lines of a text.
func lines(text string) []string { return visible.Lines(text) }

// shorten cuts a text down to most characters.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// wrap breaks a text between words into lines of at most width characters; a
// word that is longer stands alone on its line.
func wrap(text string, width int) []string {
	var out []string
	length := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if len(out) > 0 && length+1+n <= width {
			out[len(out)-1] += " " + word
			length += 1 + n
			continue
		}
		out = append(out, word)
		length = n
	}
	return out
}

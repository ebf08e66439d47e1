package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible shows what cannot be seen: control characters, ANSI escapes and
// characters that turn the direction of writing stand there as \x1b or \u202e.
// What is not UTF-8 becomes U+FFFD.
func visible(text string) string {
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

// line is a text as one visible line, with single spaces.
func line(text string) string {
	return visible(strings.Join(strings.Fields(text), " "))
}

// lines are the visible lines of a text, without spaces at their ends and
// without empty ones around them. A tab is four columns.
func lines(text string) []string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", "    ")
	var out []string
	for _, l := range strings.Split(strings.Trim(text, "\n"), "\n") {
		out = append(out, strings.TrimRight(visible(l), " "))
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

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

// block is a paragraph, or lines of code that must stay as they are.
type block struct {
	code bool
	text []string
}

// blocks reads a remediation: lines that are indented are code, the others are
// paragraphs apart by empty lines.
func blocks(text string) []block {
	var out []block
	gap := false
	for _, l := range lines(text) {
		if l == "" {
			gap = true
			continue
		}
		code := l[0] == ' '
		last := len(out) - 1
		switch {
		case last < 0 || out[last].code != code || gap && !code:
			out = append(out, block{code: code, text: []string{l}})
		case gap:
			out[last].text = append(out[last].text, "", l)
		default:
			out[last].text = append(out[last].text, l)
		}
		gap = false
	}
	for _, b := range out {
		if b.code {
			unindent(b.text)
		}
	}
	return out
}

// unindent takes away the indentation that all lines share.
func unindent(text []string) {
	shared := -1
	for _, l := range text {
		if l == "" {
			continue
		}
		if n := len(l) - len(strings.TrimLeft(l, " ")); shared < 0 || n < shared {
			shared = n
		}
	}
	for i, l := range text {
		if l != "" {
			text[i] = l[shared:]
		}
	}
}

package visible

import "strings"

// Block is a paragraph, or lines of code that must stay as they are.
type Block struct {
	Code bool
	Text []string
}

// Blocks reads a remediation: lines that are indented are code, the others are
// paragraphs apart by empty lines.
func Blocks(text string) []Block {
	var out []Block
	gap := false
	for _, l := range Lines(text) {
		if l == "" {
			gap = true
			continue
		}
		code := l[0] == ' '
		last := len(out) - 1
		switch {
		case last < 0 || out[last].Code != code || gap && !code:
			out = append(out, Block{Code: code, Text: []string{l}})
		case gap:
			out[last].Text = append(out[last].Text, "", l)
		default:
			out[last].Text = append(out[last].Text, l)
		}
		gap = false
	}
	for _, b := range out {
		if b.Code {
			unindent(b.Text)
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

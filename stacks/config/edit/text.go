package edit

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// text is a file's bytes by line.
type text struct {
	content []byte
	// starts are where lines begin, and at last where the file ends.
	starts []int
	// newline is how lines end.
	newline string
}

// splice replaces the bytes from from to to.
type splice struct {
	from, to int
	with     string
}

func newText(content []byte) text {
	t := text{content: content, starts: []int{0}, newline: "\n"}
	for i, c := range content {
		if c == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	if last := t.starts[len(t.starts)-1]; last < len(content) {
		t.starts = append(t.starts, len(content))
	}
	if bytes.Contains(content, []byte("\r\n")) {
		t.newline = "\r\n"
	}
	return t
}

// strangeEnd finds a line end that YAML counts and we do not: a carriage return alone,
// or Unicode's own. Every place behind it would be another one.
func strangeEnd(content []byte) (at int, found bool) {
	plain := bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n\n")) // of the same length
	at = bytes.IndexAny(plain, "\r\u0085\u2028\u2029")
	return at, at >= 0
}

// lines is the number of lines.
func (t text) lines() int { return len(t.starts) - 1 }

// line is a line, from 1, without its end.
func (t text) line(n int) string {
	return strings.TrimRight(string(t.content[t.starts[n-1]:t.starts[n]]), "\r\n")
}

// offset is where a node begins; its column counts characters.
func (t text) offset(node *yaml.Node) int {
	line := t.content[t.starts[node.Line-1]:]
	at := 0
	for range node.Column - 1 {
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return t.starts[node.Line-1] + at
}

// apply makes the changes; they must not overlap.
func (t text) apply(edits []splice) ([]byte, bool) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b splice) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out []byte
	done := 0
	for _, e := range edits {
		if e.from < done || e.to < e.from {
			return nil, false
		}
		out = append(append(out, t.content[done:e.from]...), e.with...)
		done = e.to
	}
	return append(out, t.content[done:]...), true
}

// after inserts whole lines behind a line.
func (t text) after(line int, lines []string) splice {
	insert, at := strings.Join(lines, t.newline)+t.newline, t.starts[line]
	if at > 0 && t.content[at-1] != '\n' {
		insert = t.newline + strings.TrimSuffix(insert, t.newline)
	}
	return splice{at, at, insert}
}

// replace replaces whole lines, from first to last.
func (t text) replace(first, last int, lines []string) splice {
	insert := ""
	if len(lines) > 0 {
		insert = strings.Join(lines, t.newline) + t.newline
	}
	if to := t.starts[last]; to > 0 && t.content[to-1] != '\n' {
		insert = strings.TrimSuffix(insert, t.newline)
	}
	return splice{t.starts[first-1], t.starts[last], insert}
}

// indent is how far a line is indented, and whether there is more on it than a
// comment.
func indent(line string) (int, bool) {
	rest := strings.TrimLeft(line, " ")
	return len(line) - len(rest), strings.TrimSpace(rest) != "" && rest[0] != '#'
}

// end is the last line of what begins on a line and is indented by at least depth
// characters on the lines that follow. Blank lines and comments behind it are not
// its own. dashes tells that items of a list may stand one character less deep.
func (t text) end(node *yaml.Node, first, depth int, dashes bool) int {
	last := max(first, deepest(node))
	for n := last + 1; n <= t.lines(); n++ {
		in, solid := indent(t.line(n))
		item := dashes && in == depth-1 && strings.HasPrefix(t.line(n)[in:], "-")
		switch {
		case !solid:
			continue
		case in < depth && !item:
			return last
		}
		last = n
	}
	return last
}

// deepest is a line that surely belongs to a node.
func deepest(node *yaml.Node) int {
	line := node.Line
	if node.Style&yaml.LiteralStyle != 0 {
		line += 1 + strings.Count(strings.TrimRight(node.Value, "\n"), "\n")
	}
	for _, each := range node.Content {
		line = max(line, deepest(each))
	}
	return line
}

// token is where a scalar or an empty flow collection stands; false when it is
// written in another way than on one line.
func (t text) token(node *yaml.Node) (from, to int, ok bool) {
	from = t.offset(node)
	rest := t.line(node.Line)[from-t.starts[node.Line-1]:]
	length := -1
	switch {
	case node.Kind != yaml.ScalarNode && len(node.Content) == 0 && node.Style&yaml.FlowStyle != 0:
		length = strings.IndexAny(rest, "]}") + 1
		if strings.Trim(rest[:max(0, length)], "[]{} ") != "" {
			length = 0
		}
	case node.Kind != yaml.ScalarNode:
	case node.Style&yaml.DoubleQuotedStyle != 0:
		length = closing(rest, '"', '\\')
	case node.Style&yaml.SingleQuotedStyle != 0:
		length = closing(rest, '\'', '\'')
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && strings.HasPrefix(rest, node.Value):
		length = len(node.Value)
	}
	return from, from + length, length > 0
}

// closing is the length of a quoted text with its quotes, -1 when it does not end
// on this line.
func closing(text string, quote, escape byte) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == escape && i+1 < len(text) && (escape != quote || text[i+1] == quote):
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return -1
}

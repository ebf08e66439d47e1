package render

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"gatehouse/report"
)

// style is a colour of a terminal (SGR parameters); "" changes nothing.
type style string

// What the colours mean, in all of the text.
const (
	plain   style = ""
	strong  style = "1"
	faint   style = "2"
	heading style = "1"
	good    style = "32"
	bad     style = "31"
)

var severityStyle = map[report.Severity]style{
	report.Critical: "1;31", report.High: "31", report.Medium: "33", report.Low: "36",
}

// labelWidth is the column at which the values of labelled lines begin, here as
// in the other commands.
const labelWidth = 12

// page is lines of text of a limited width. What it is given must be visible.
type page struct {
	strings.Builder
	width int
	color bool
}

func (p *page) paint(s style, text string) string {
	if !p.color || s == plain || text == "" {
		return text
	}
	return fmt.Sprintf("\x1b[%sm%s\x1b[0m", s, text)
}

// put writes one line as it is.
func (p *page) put(text string) { p.WriteString(text + "\n") }

// blank separates what follows from what is there.
func (p *page) blank() { p.put("") }

// paragraph writes a text over as many lines as it takes.
func (p *page) paragraph(indent string, s style, text string) { p.lines(indent, indent, s, text) }

// hang writes a text behind a mark; further lines begin below the text.
func (p *page) hang(mark string, s style, text string) {
	p.lines(p.paint(s, mark), strings.Repeat(" ", utf8.RuneCountInString(mark)), s, text)
}

// field writes a labelled line.
func (p *page) field(label string, s style, text string) {
	p.lines(fmt.Sprintf("%-*s", labelWidth, label), strings.Repeat(" ", labelWidth), s, text)
}

func (p *page) lines(first, next string, s style, text string) {
	for i, l := range wrap(text, p.width-len(next)) {
		if i == 0 {
			p.put(first + p.paint(s, l))
		} else {
			p.put(next + p.paint(s, l))
		}
	}
}

// code writes lines that must not be wrapped.
func (p *page) code(indent string, text []string) {
	for _, l := range text {
		p.put(strings.TrimRight(indent+l, " "))
	}
}

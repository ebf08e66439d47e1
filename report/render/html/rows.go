package html

import (
	"html/template"
	"strings"

	"gatehouse/report/render/visible"
)

// Row is the beginning of a finding's list item. A run may have ten thousand,
// for which html/template takes a second: here each text is escaped by hand, by
// the same rules, and the tests put harm into each. A browser takes a second,
// too, when a row is many elements: it is one line of text and one of code, and
// its mark is the style's.
func (f finding) Row() template.HTML {
	var b strings.Builder
	b.Grow(len(f.Message) + len(f.Resource) + len(f.Path) + 128)
	b.WriteString(`<li class="`)
	escape(&b, f.Look.Class)
	b.WriteByte('"')
	if f.Waived {
		b.WriteString(" data-w")
	}
	b.WriteByte('>')
	escape(&b, f.Look.Word)
	b.WriteString(": ")
	escape(&b, f.Message)
	b.WriteString("<code>")
	escape(&b, f.Resource)
	for _, more := range []string{f.Path, f.Place()} {
		if more != "" {
			b.WriteString(" · ")
			escape(&b, more)
		}
	}
	b.WriteString("</code>")
	return template.HTML(b.String()) //nolint:gosec // every text in it is escaped
}

// More is whether there is more to a finding than its row.
func (f finding) More() bool { return f.Diff != "" || f.Advice != "" || f.Waived }

// escape writes a text as one visible line that holds no syntax of HTML.
func escape(b *strings.Builder, text string) {
	text = visible.Line(text)
	if strings.ContainsAny(text, `<>&"'`) {
		text = template.HTMLEscapeString(text)
	}
	b.WriteString(text)
}
